import { basename } from 'node:path';
import { type QuickPickItem, window, workspace } from 'vscode';
import { inNaturalOrder } from '../../base/naturalOrder.js';

/** More files than this are not offered: whoever has them browses. */
const mostOffered = 500;

export interface TaskItem extends QuickPickItem {
  /** Null for the outside command. */
  readonly path: string | null;
}

function kindOf(path: string): string {
  return path.endsWith('.jsonl') ? 'questions or completions' : 'running text';
}

export function taskItem(path: string): TaskItem {
  return { label: basename(path), description: kindOf(path), detail: workspace.asRelativePath(path), path };
}

/** Texts and question files of the workspace, by path. */
export async function findTaskFiles(): Promise<TaskItem[]> {
  const found = await workspace.findFiles('**/*.{txt,jsonl}', '**/{node_modules,.git}/**', mostOffered);
  return inNaturalOrder(
    found.map(({ fsPath }) => taskItem(fsPath)),
    ({ detail = '' }) => detail,
  );
}

/** Lets the user choose task files in a file dialog; undefined when none was chosen. */
export async function browseForTasks(): Promise<string[] | undefined> {
  const chosen = await window.showOpenDialog({
    title: 'Choose texts (*.txt) or questions (*.jsonl) to score the models on',
    openLabel: 'Choose Tasks',
    canSelectMany: true,
    filters: { Tasks: ['txt', 'jsonl'] },
  });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ fsPath }) => fsPath);
}
