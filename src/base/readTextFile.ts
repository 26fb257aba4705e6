import { readFile } from 'node:fs/promises';
import { toAccessError } from './fileAccess.js';

/** Text of a file, read as UTF-8. @throws FileAccessError that says what to do */
export function readTextFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw toAccessError(path, error);
  });
}
