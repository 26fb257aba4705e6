import { dirname } from 'node:path';
import type { Checkpoint } from './checkpoint.js';

/** The folder that holds a checkpoint's files, as it was opened; whatever became of it since. */
export function folderOf({ shards: [first], path }: Checkpoint): string {
  return first === undefined ? path : dirname(first.path);
}
