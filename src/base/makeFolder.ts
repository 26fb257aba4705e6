import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing; one that exists is left as it is. Node's recursive mkdir would try
 * without end where a file system takes no new names (`/proc`).
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  const error = await failureOf(path);
  const parent = dirname(path);
  if (error === null) return;
  if (error.code !== 'ENOENT' || parent === path) throw error;
  await makeFolder(parent);
  const again = await failureOf(path);
  if (again !== null) throw again;
}

/** Why a folder cannot be made; null when it is there. */
async function failureOf(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path);
    return null;
  } catch (error) {
    const stats = await stat(path).catch(() => null);
    return stats?.isDirectory() === true ? null : (error as NodeJS.ErrnoException);
  }
}
