import { basename } from 'node:path';
import { ThemeIcon, workspace } from 'vscode';
import { askToPickMany, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';
import type { BadTask, CurveDraft } from '../curveDraft.js';
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

function withProblem(item: TaskItem, bad: BadTask | null): TaskItem {
  return bad === null || item.path !== bad.path ? item : { ...item, iconPath: new ThemeIcon('error'), description: 'cannot be used' };
}

function placeholderOf({ badTask }: CurveDraft): string {
  if (badTask === null) return 'The texts or questions to score the models on';
  return badTask.message.replace(badTask.path, basename(badTask.path));
}

async function askForTasks(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  let { tasks, outside } = draft;
  const offered = [...outsideItems(), ...(await findTaskFiles())];
  for (;;) {
    const items = withBrowsed(offered, tasks).map((item) => withProblem(item, draft.badTask));
    const chosen = items.filter(({ path }) => (path === null ? outside : tasks.includes(path)));
    const answer = await askToPickMany(place, { placeholder: placeholderOf(draft), items, chosen, browse });
    if (answer === undefined || answer === 'back') return answer;
    tasks = answer.items.flatMap(({ path }) => (path === null ? [] : [path]));
    outside = answer.items.some(({ path }) => path === null);
    if (!answer.browses) return { ...draft, tasks, badTask: null, outside };
    tasks = [...new Set([...tasks, ...((await browseForTasks()) ?? [])])];
  }
}

export const taskStep: Step<CurveDraft> = { isNeeded: () => true, ask: askForTasks };
