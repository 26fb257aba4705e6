import { readdir } from 'node:fs/promises';
import { toAccessError } from '../base/fileAccess.js';

/** Names in a folder in byte order, folders left out. @throws FileAccessError */
export async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw toAccessError(folder, error);
  }
}
