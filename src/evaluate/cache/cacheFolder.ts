import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../base/fileAccess.js';

/** Names of the files that a cache makes: results, and results in the making. Nothing else in its folder is its own. */
const entryName = /^[0-9a-f]{64}\.logprobs$/;
const temporaryName = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.tmp$/;
/** What is in the making for longer than this was left by a process that was killed. */
const staleMs = 60 * 60 * 1000;

interface StoredFile {
  readonly path: string;
  readonly byteLength: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

export function entryPath(folder: string, key: string): string {
  return join(folder, `${key}.logprobs`);
}

export function temporaryPath(folder: string, key: string): string {
  return join(folder, `${key}.${crypto.randomUUID()}.tmp`);
}

/**
 * Removes results that were not used for longest until at most `mostBytes` are left, and what killed processes left.
 * Other processes may do the same meanwhile.
 * @returns bytes that are left
 */
export async function removeOldest(folder: string, mostBytes: number): Promise<number> {
  await removeStale(folder);
  const entries = await listFiles(folder, entryName);
  let total = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (const { path, byteLength } of entries.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= mostBytes) break;
    await rm(path, { force: true });
    total -= byteLength;
  }
  return total;
}

/** Removes what killed processes left. @returns bytes of all results */
export async function totalBytes(folder: string): Promise<number> {
  await removeStale(folder);
  return (await listFiles(folder, entryName)).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

async function removeStale(folder: string): Promise<void> {
  const limit = Date.now() - staleMs;
  for (const { path, usedAt } of await listFiles(folder, temporaryName)) if (usedAt < limit) await rm(path, { force: true });
}

/** A file that is gone meanwhile is left out; a folder that does not exist has none. */
async function listFiles(folder: string, names: RegExp): Promise<StoredFile[]> {
  const own = (await readdir(folder).catch(emptyIfMissing)).filter((name) => names.test(name));
  const files = await Promise.all(own.map((name) => describe(join(folder, name))));
  return files.filter((file) => file !== null);
}

function emptyIfMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}

async function describe(path: string): Promise<StoredFile | null> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isFile() ? { path, byteLength: stats.size, usedAt: stats.mtimeMs } : null;
}
