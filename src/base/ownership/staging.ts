import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../readFile.js';
import { recordPath } from './occupant.js';
import { isOwnerId, lifeOf, parseOwner, silentAfterMs } from './owner.js';

const prefix = '.model-rebase-';

/** Where an owner's folder is made before it has a place. */
export function stagingPath(parent: string, id: string): string {
  return join(parent, prefix + id);
}

/** Removes what processes have left that were killed between two steps of a claim. Nothing of worth is ever in it. */
export async function removeLeftStagings(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const ids = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  for (const id of ids.filter(isOwnerId)) if (await isLeft(parent, id)) await rm(stagingPath(parent, id), { recursive: true, force: true });
}

async function isLeft(parent: string, id: string): Promise<boolean> {
  const staging = stagingPath(parent, id);
  const record = recordPath(join(staging, id), id);
  const text = await readText(record, { maxBytes: 1024 * 1024 }).catch(() => null);
  const stats = await lstat(text === null ? staging : record).catch(() => null);
  if (stats === null) return false;
  const silenceMs = Date.now() - stats.mtimeMs;
  const owner = text === null ? null : parseOwner(text);
  return owner === null ? silenceMs >= silentAfterMs : lifeOf(owner, silenceMs) !== 'alive';
}
