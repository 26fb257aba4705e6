import { lstat, readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DiskFullError } from '../../compute/index.js';
import type { CombinePlan } from '../plan.js';
import { partialPath } from '../outputPaths.js';
import { formatBytes } from '../../base/format.js';
import { writtenFolder } from './leftPartial.js';

/** Bytes that the run still has to find room for: files are made in full length at once, so what counts is their blocks. */
async function missingBytes({ writeByteLength }: CombinePlan, folder: string | null): Promise<number> {
  const names = folder === null ? [] : await readdir(folder).catch(() => []);
  const stats = await Promise.all(names.map((name) => lstat(join(folder!, name))));
  const allocated = stats.reduce((sum, { blocks }) => sum + blocks * 512, 0);
  return Math.max(0, writeByteLength - allocated);
}

async function freeBytes(output: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(output));
  return bavail * bsize;
}

/** @returns the error that says how much is missing, or that it is not bytes that are missing. */
export async function diskFullError(plan: CombinePlan): Promise<DiskFullError> {
  const folder = await writtenFolder(plan.output);
  const [needed, free] = await Promise.all([missingBytes(plan, folder), freeBytes(plan.output)]);
  const kept =
    folder !== null
      ? ' What is written so far is kept: free some room, then resume.'
      : ' Free some room, or choose a folder on another disk.';
  const bytes = (count: number): string => `${formatBytes(count)} (${count} bytes)`;
  const missing =
    needed > free
      ? `${bytes(needed)} are needed and ${bytes(free)} are free.`
      : `It has ${bytes(free)} free, more than is needed, so a quota is used up, or it can hold no more files.`;
  return new DiskFullError(`${partialPath(plan.output)}: the disk is full. ${missing}${kept}`);
}

/** @throws DiskFullError when the rest of what is made in `folder` does not fit: better now than after an hour */
export async function assertRoom(plan: CombinePlan, folder: string): Promise<void> {
  const [needed, free] = await Promise.all([missingBytes(plan, folder), freeBytes(plan.output)]);
  if (needed > free) throw await diskFullError(plan);
}
