import { lstat } from 'node:fs/promises';
import { isMissing } from './fileAccess.js';

/** Whether there is anything of that name, be it a link to nothing. @throws the system's error when that cannot be told */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
