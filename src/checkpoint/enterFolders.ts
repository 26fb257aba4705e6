import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOfPart, isWithin } from './address.js';
import { resolveCache } from './hubCache.js';

/** A folder that parts lead to, and the part that is left for one of its sets. */
export interface Place {
  readonly folder: string;
  readonly address: string;
  readonly part: string | null;
}

/**
 * Follows parts that are revisions of a cache and subfolders, such as a pipeline's components.
 * @param path of a folder
 * @throws FileAccessError when a cache does not say which revision is meant
 */
export async function enterFolders(path: string, parts: readonly string[]): Promise<Place> {
  const snapshot = await resolveCache(path, parts);
  let [folder, address] = [snapshot.folder, snapshot.folder];
  for (const [i, part] of snapshot.parts.entries()) {
    const inner = await subfolder(folder, part);
    if (inner === null) return { folder, address, part: snapshot.parts.slice(i).join('#') };
    [folder, address] = [inner, addressOfPart(address, part)];
  }
  return { folder, address, part: null };
}

async function subfolder(folder: string, part: string): Promise<string | null> {
  if (!isWithin(part)) return null;
  const path = join(folder, part);
  return stat(path).then(
    (stats) => (stats.isDirectory() ? path : null),
    () => null,
  );
}
