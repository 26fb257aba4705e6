import { randomBytes } from 'node:crypto';
import { link, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode, toWriteError } from './fileAccess.js';
import { syncFile, syncFolder } from './syncFolder.js';

interface WriteOptions {
  /** Whether a file of that name may be replaced. */
  readonly overwrite: boolean;
  /** Called when the new file is on disk, before it gets its name: what it throws prevents that. */
  readonly check?: () => Promise<void>;
}

/**
 * Writes a file in one step of the file system: at any moment there is the old file or the new one, whole. A link is
 * followed; what is no file (a pipe, a device) is written to as it is.
 * @throws the system's EEXIST where a file is there that may not be replaced, FileAccessError in place of other system errors;
 * nothing is left behind then
 */
export async function writeWhole(path: string, content: string | Uint8Array, options: WriteOptions): Promise<void> {
  try {
    await write(path, content, options);
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? error : toWriteError(path, error);
  }
}

async function write(path: string, content: string | Uint8Array, { overwrite, check }: WriteOptions): Promise<void> {
  const existing = await stat(path).catch(() => null);
  if (existing !== null && !existing.isFile()) return writeFile(path, content, { flag: overwrite ? 'w' : 'wx' });
  const place = await realpath(path).catch(() => path);
  const temporary = `${place}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await syncFile(temporary);
    await check?.();
    if (overwrite) await rename(temporary, place);
    else await renameToNew(temporary, place);
    await syncFolder(dirname(place));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `rename` would replace what is there; a link fails instead. Where there are no links, between looking and renaming lies a moment. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw error;
    await writeFile(to, '', { flag: 'wx' });
    await rename(from, to).catch((failure: unknown) => giveBack(to, failure));
  }
}

async function giveBack(place: string, failure: unknown): Promise<never> {
  await rm(place, { force: true });
  throw failure;
}
