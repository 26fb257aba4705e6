import { extname, parse, resolve } from 'node:path';
import { distinctNames } from '../../base/distinctNames.js';
import type { Tokenizer } from '../../model/tokenizer/index.js';
import { prepareItems } from './prepareItems.js';
import { prepareText } from './prepareText.js';
import { readTaskText } from './readTaskText.js';
import type { PreparedTask, TaskSettings } from './task.js';
import { TaskSettingsError } from './taskSettingsError.js';
import { checkLimit } from './windowSize.js';

/**
 * A task in a tokenizer's tokens: running text (`.txt`, see `prepareText`) or items (`.jsonl`, see `prepareItems`).
 * @throws FileAccessError, FormatError, TaskSettingsError
 */
export async function prepareTask(path: string, tokenizer: Tokenizer, settings: TaskSettings): Promise<PreparedTask> {
  const [task] = await prepareTasks([path], tokenizer, settings);
  return task!;
}

/** Several tasks, each with a name of its own. */
export async function prepareTasks(paths: readonly string[], tokenizer: Tokenizer, settings: TaskSettings): Promise<PreparedTask[]> {
  const names = taskNames(paths);
  checkLimit(settings);
  return Promise.all(
    paths.map(async (path, i) => {
      const prepare = preparerOf(path);
      return { name: names[i]!, ...(await prepare(path, await readTaskText(path), tokenizer, settings)) };
    }),
  );
}

/** @throws TaskSettingsError when a file is named twice */
function taskNames(paths: readonly string[]): string[] {
  const twice = paths.find((path, i) => paths.slice(0, i).some((other) => resolve(other) === resolve(path)));
  if (twice !== undefined) throw new TaskSettingsError(`The task ${twice} is named twice: name each file once.`);
  return distinctNames(paths, (path) => parse(path).name);
}

function preparerOf(path: string): typeof prepareText {
  const ending = extname(path).toLowerCase();
  if (ending === '.txt') return prepareText;
  if (ending === '.jsonl') return prepareItems;
  const found = ending === '' ? 'no ending' : `the ending ${ending}`;
  throw new TaskSettingsError(`The task ${path} has ${found}: expected .txt (running text) or .jsonl (items).`);
}
