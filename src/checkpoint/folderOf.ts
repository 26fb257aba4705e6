import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Checkpoint } from './checkpoint.js';

/** The folder that holds a checkpoint's files. */
export function folderOf(checkpoint: Checkpoint): string {
  return statSync(checkpoint.path).isDirectory() ? checkpoint.path : dirname(checkpoint.path);
}
