import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, systemCode } from '../fileAccess.js';
import { readText } from '../readFile.js';
import { isOwnerId, lifeOf, parseOwner, silentAfterMs, type Life, type Owner } from './owner.js';

/** Whoever writes at a place, or wrote there and left something. */
export interface Occupant {
  readonly id: string;
  /** Where it works: `<place>.partial/<id>`. */
  readonly folder: string;
  /** Null when it has given the place up, or its record was lost with the machine. */
  readonly owner: Owner | null;
  readonly life: Life | 'released';
  /** Time since its last sign of life. */
  readonly silenceMs: number;
}

export type Occupancy =
  | { readonly kind: 'free' }
  | { readonly kind: 'occupied'; readonly occupant: Occupant }
  /** Something lies there that no owner made. */
  | { readonly kind: 'foreign'; readonly names: readonly string[] };

const maxRecordBytes = 1024 * 1024;
const maxLooks = 20;

/** The folder that stands for a place: whoever has a folder in it owns the place, and an empty one is as good as none. */
export function partialPath(place: string): string {
  return `${place}.partial`;
}

/** Where an owner says who it is; the time of its last change is the last sign of life. */
export function recordPath(folder: string, id: string): string {
  return join(folder, `owner-${id}.json`);
}

/**
 * Who is at a place. Only `claimPlace` decides; a moment later it may be somebody else.
 * @param now Time by the clock of the file system, which may be another machine's
 * @throws FileAccessError when it cannot be told
 */
export async function inspectPlace(place: string, now = Date.now()): Promise<Occupancy> {
  const container = partialPath(place);
  for (let look = 1; ; look++) {
    const names = await namesIn(container);
    if (names === null || names.length === 0) return names === null ? { kind: 'free' } : await emptyOrFile(container);
    const ids = names.filter(isOwnerId);
    const [id] = ids;
    if (id === undefined || ids.length > 1) return { kind: 'foreign', names };
    const occupant = await inspectOccupant(join(container, id), id, now);
    if (occupant !== null) return { kind: 'occupied', occupant };
    if (look === maxLooks) throw new Error(`${container} changes hands all the time. Try again.`);
  }
}

/** Null when there is no such folder. A file, which has no names in it either, has none. */
async function namesIn(container: string): Promise<readonly string[] | null> {
  return readdir(container).catch((error: unknown) => {
    if (systemCode(error) === 'ENOTDIR') return [];
    if (isMissing(error)) return null;
    throw error;
  });
}

async function emptyOrFile(container: string): Promise<Occupancy> {
  const stats = await lstat(container).catch(() => null);
  return stats === null || stats.isDirectory() ? { kind: 'free' } : { kind: 'foreign', names: [] };
}

/** Null when the folder is gone meanwhile. */
async function inspectOccupant(folder: string, id: string, now: number): Promise<Occupant | null> {
  const path = recordPath(folder, id);
  const text = await readText(path, { maxBytes: maxRecordBytes }).catch(nullIfMissing);
  const stats = text === null ? null : await lstat(path).catch(nullIfMissing);
  if (text === null || stats === null) {
    const isThere = (await lstat(folder).catch(nullIfMissing)) !== null;
    return isThere ? { id, folder, owner: null, life: 'released', silenceMs: 0 } : null;
  }
  const silenceMs = now - stats.mtimeMs;
  const owner = parseOwner(text);
  const life = owner !== null ? lifeOf(owner, silenceMs) : silenceMs < silentAfterMs ? 'alive' : 'silent';
  return { id, folder, owner, life, silenceMs };
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
