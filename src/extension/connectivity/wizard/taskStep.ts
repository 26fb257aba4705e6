import { ThemeIcon, workspace } from 'vscode';
import { askToPickMany, type Place } from '../../transfer/wizard/quickPick.js';
import type { Answer, Step } from '../../transfer/wizard/steps.js';
import type { CurveDraft } from '../curveDraft.js';
import { readOutsideCommand } from '../scoringSettings.js';
import { browseForTasks, findTaskFiles, type TaskItem, taskItem } from '../taskFiles.js';

const browse = { iconPath: new ThemeIcon('folder-opened'), tooltip: 'Browse for Other Files…' };

/** The command of the settings; Restricted Mode does not offer it. */
function outsideItems(): TaskItem[] {
  const command = workspace.isTrusted ? readOutsideCommand() : undefined;
  if (command === undefined) return [];
  return [
    { label: 'Outside Command', description: command.command.join(' '), detail: 'Writes each model as a checkpoint for it', path: null },
  ];
}

function withBrowsed(items: readonly TaskItem[], paths: readonly string[]): readonly TaskItem[] {
  return [...paths.filter((path) => items.every((item) => item.path !== path)).map(taskItem), ...items];
}

async function askForTasks(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  let { tasks, outside } = draft;
  const offered = [...outsideItems(), ...(await findTaskFiles())];
  for (;;) {
    const items = withBrowsed(offered, tasks);
    const chosen = items.filter(({ path }) => (path === null ? outside : tasks.includes(path)));
    const placeholder = 'The texts or questions to score the models on';
    const answer = await askToPickMany(place, { placeholder, items, chosen, browse });
    if (answer === undefined || answer === 'back') return answer;
    tasks = answer.items.flatMap(({ path }) => (path === null ? [] : [path]));
    outside = answer.items.some(({ path }) => path === null);
    if (!answer.browses) return { ...draft, tasks, outside };
    tasks = [...new Set([...tasks, ...((await browseForTasks()) ?? [])])];
  }
}

export const taskStep: Step<CurveDraft> = { isNeeded: () => true, ask: askForTasks };
