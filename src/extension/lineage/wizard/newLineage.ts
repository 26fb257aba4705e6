import { basename } from 'node:path';
import { type QuickPickItem, ThemeIcon } from 'vscode';
import { browseForTasks, findTaskFiles, type TaskItem, taskItem } from '../../connectivity/taskFiles.js';
import { askForText } from '../../kit/inputBox.js';
import { askToPick, askToPickMany, type Place } from '../../kit/quickPick.js';
import { type Answer, askSteps, type Step } from '../../kit/steps.js';
import { lineageSuffix, type Strategy } from '../lineageRoom.js';
import { commandProblem, type LineageDraft, lineagePathProblem } from './newLineageDraft.js';

interface StrategyItem extends QuickPickItem {
  readonly strategy: Strategy;
}

const strategyItems: readonly StrategyItem[] = [
  {
    strategy: 'iterative',
    label: 'Iterative',
    description: 'Δ^iter',
    detail: 'Each round starts from the new base plus what the round before ended with, minus its base.',
    iconPath: new ThemeIcon('sync'),
  },
  {
    strategy: 'direct',
    label: 'Direct',
    description: 'Δ^dir',
    detail: 'Each round starts from the new base plus the diff vector of a plain fine-tune of the base before, made for it.',
    iconPath: new ThemeIcon('arrow-right'),
  },
  {
    strategy: 'plain',
    label: 'Plain',
    description: 'for comparison',
    detail: 'Every base is fine-tuned as it is; nothing is recycled.',
    iconPath: new ThemeIcon('dash'),
  },
];

async function askForStrategy(draft: LineageDraft, place: Place): Promise<Answer<LineageDraft>> {
  const active = strategyItems.find(({ strategy }) => strategy === draft.strategy);
  const item = await askToPick(place, { placeholder: 'What does each round start from?', items: strategyItems, active });
  return item === undefined || item === 'back' ? item : { ...draft, strategy: item.strategy };
}

const noTask: TaskItem = { label: 'No Task', description: 'rounds run, but nothing is scored and nothing advised', path: null };
const browse = { iconPath: new ThemeIcon('folder-opened'), tooltip: 'Browse for Other Files…' };

async function askForTasks(draft: LineageDraft, place: Place): Promise<Answer<LineageDraft>> {
  const found = await findTaskFiles();
  for (let { tasks } = draft; ;) {
    const browsed = tasks.filter((task) => found.every(({ path }) => path !== task)).map(taskItem);
    const items = [...browsed, ...found, noTask];
    const chosen = items.filter(({ path }) => path !== null && tasks.includes(path));
    const placeholder = 'Texts or questions of the kind that the fine-tune is for: rounds are scored and advised on with them';
    const answer = await askToPickMany(place, { placeholder, items, chosen, browse });
    if (answer === undefined || answer === 'back') return answer;
    tasks = answer.items.flatMap(({ path }) => path ?? []);
    if (!answer.browses) return { ...draft, tasks };
    tasks = [...new Set([...tasks, ...((await browseForTasks()) ?? [])])];
  }
}

async function askForCommand(draft: LineageDraft, place: Place): Promise<Answer<LineageDraft>> {
  const prompt =
    'Your fine-tuning command: {start} is the model to start from, {out} the folder for the result, {base} and {release} are known too. Empty: models are trained elsewhere and recorded.';
  const answer = await askForText(place, { prompt, value: draft.command, problemOf: commandProblem });
  return answer === undefined || answer === 'back' ? answer : { ...draft, command: answer.text };
}

async function askForFile(draft: LineageDraft, place: Place): Promise<Answer<LineageDraft>> {
  const end = draft.path.length - lineageSuffix.length;
  const answer = await askForText(place, {
    prompt: 'The lineage’s file. Checkpoints of its rounds will lie in a folder beside it.',
    value: draft.path,
    selection: [draft.path.length - basename(draft.path).length, end],
    problemOf: lineagePathProblem,
  });
  return answer === undefined || answer === 'back' ? answer : { ...draft, path: answer.text };
}

const asks: readonly Step<LineageDraft>['ask'][] = [askForStrategy, askForTasks, askForCommand, askForFile];

/** Asks for everything that a new lineage needs. Undefined: the user gave up. */
export function askForLineage(draft: LineageDraft): Promise<LineageDraft | undefined> {
  const steps = asks.map((ask) => ({ isNeeded: () => true, ask }));
  return askSteps('New Lineage', steps, draft);
}
