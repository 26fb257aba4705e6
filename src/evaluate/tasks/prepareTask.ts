import { extname } from 'node:path';
import type { Tokenizer } from '../../model/tokenizer/index.js';
import { prepareItems } from './prepareItems.js';
import { prepareText } from './prepareText.js';
import { readTaskText } from './readTaskText.js';
import type { PreparedTask, TaskSettings } from './task.js';
import { taskNames } from './taskNames.js';
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

function preparerOf(path: string): typeof prepareText {
  const ending = extname(path).toLowerCase();
  if (ending === '.txt') return prepareText;
  if (ending === '.jsonl') return prepareItems;
  const found = ending === '' ? 'no ending' : `the ending ${ending}`;
  throw new TaskSettingsError(`The task ${path} has ${found}: expected .txt (running text) or .jsonl (items).`);
}
