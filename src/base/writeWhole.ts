import { link, lstat, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from './exists.js';
import { systemCode, toWriteError } from './fileAccess.js';
import { claimPlace } from './ownership/claimPlace.js';
import type { Ownership } from './ownership/ownership.js';
import { syncFile, syncFolder } from './syncFolder.js';

interface WriteOptions {
  /** Whether a file of that name may be replaced. */
  readonly overwrite: boolean;
  /** Called when the new file is on disk, before it gets its name: what it throws prevents that. */
  readonly check?: () => Promise<void>;
}

/** Whoever writes a file in a moment is waited for. */
const patienceMs = 10_000;

/**
 * Writes a file in one step of the file system: at any moment there is the old file or the new one, whole. A link is
 * followed; what is no file (a pipe, a device) is written to as it is.
 * @throws the system's EEXIST where a file is there that may not be replaced, FileAccessError in place of other system errors,
 * PlaceOwnedError when another process has been writing it for long; nothing is left behind then
 */
export async function writeWhole(path: string, content: string | Uint8Array, options: WriteOptions): Promise<void> {
  const place = await FilePlace.claim(path, patienceMs);
  try {
    await place.write(content, options);
  } finally {
    await place.release();
  }
}

/** The place of a file that one job will write, perhaps hours later: nobody else writes there meanwhile. */
export class FilePlace {
  private constructor(
    private readonly path: string,
    /** Null for what is no file. */
    private readonly ownership: Ownership | null,
  ) {}

  /** @throws PlaceOwnedError when another process has it for longer than `waitMs`, FileAccessError */
  static async claim(path: string, waitMs = 0): Promise<FilePlace> {
    const existing = await stat(path).catch(() => null);
    if (existing !== null && !existing.isFile()) return new FilePlace(path, null);
    const place = await realpath(path).catch(() => path);
    const ownership = await describing(path, claimPlace(place, { waitMs }));
    await removeOldTemporaries(place);
    return new FilePlace(place, ownership);
  }

  /** As `writeWhole`. */
  async write(content: string | Uint8Array, options: WriteOptions): Promise<void> {
    const { path, ownership } = this;
    if (ownership === null) return describing(path, writeFile(path, content, { flag: options.overwrite ? 'w' : 'wx' }));
    await ownership.use(() => describing(path, writeBeside(ownership.path('written'), path, content, options)));
  }

  async release(): Promise<void> {
    await this.ownership?.remove();
  }
}

function describing<T>(path: string, step: Promise<T>): Promise<T> {
  return step.catch((error: unknown) => {
    throw systemCode(error) === 'EEXIST' ? error : toWriteError(path, error);
  });
}

async function writeBeside(
  temporary: string,
  path: string,
  content: string | Uint8Array,
  { overwrite, check }: WriteOptions,
): Promise<void> {
  await rm(temporary, { force: true });
  await writeFile(temporary, content, { flag: 'wx' });
  await syncFile(temporary);
  await check?.();
  if (overwrite) await rename(temporary, path);
  else await renameToNew(temporary, path);
  await syncFolder(dirname(path));
}

/** `rename` would replace what is there; a link fails instead. Where there are no links, between looking and renaming lies a moment. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const isDone = (await lstat(from)).nlink > 1; // and a server's first answer was lost
    if (isDone) return;
    if (systemCode(error) === 'EEXIST') throw error;
    if (await exists(to)) throw Object.assign(new Error(`EEXIST: file already exists, '${to}'`), { code: 'EEXIST', syscall: 'rename' });
    await rename(from, to);
  }
}

const oldTemporary = /\.[0-9a-f]{8}\.tmp$/;
const oldAfterMs = 60 * 60_000;

/** What earlier versions of the tool left beside a file when they were killed while they wrote it, which took a moment. */
async function removeOldTemporaries(place: string): Promise<void> {
  const names = await readdir(dirname(place)).catch(() => []);
  const left = names.filter((name) => oldTemporary.test(name) && name.replace(oldTemporary, '') === basename(place));
  for (const path of left.map((name) => join(dirname(place), name))) {
    const stats = await lstat(path).catch(() => null);
    if (stats?.isFile() === true && Date.now() - stats.mtimeMs > oldAfterMs) await rm(path, { force: true });
  }
}
