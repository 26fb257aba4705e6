import { lstat, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exists } from '../exists.js';
import { isMissing, systemCode } from '../fileAccess.js';
import { inspectPlace, partialPath, recordPath, type Occupant } from './occupant.js';
import { newOwner, ownerText, type Owner } from './owner.js';
import { Ownership, sharedMark } from './ownership.js';
import { ForeignContentError, PlaceOwnedError } from './placeErrors.js';
import { removeLeftStagings, stagingPath } from './staging.js';

export interface ClaimOptions {
  /** Asked before what somebody has left is taken over: what it throws leaves it. */
  readonly mayTakeOver?: (left: Occupant) => Promise<void>;
  /** The user's word that the owner has ended, whatever its heartbeat says. */
  readonly takeOver?: boolean;
  /** Wait so long for an owner that is about to end. Default: not at all. */
  readonly waitMs?: number;
}

const pollMs = 25;
const maxPollMs = 200;
/** Each try fails because another process has just succeeded; so many in a row say that something else is wrong. */
const maxTries = 200;

/**
 * Makes this process the owner of a place, which has one owner at most. A place is free when `<place>.partial` is not there or
 * empty; it is taken by renaming onto it, which fails on a folder that is not empty, and taken over by renaming the folder in it,
 * whose name is that of its owner and never comes again: both succeed for one claimant only, on file servers too. The
 * protocol is argued in docs/decisions.md, "One owner".
 * @throws PlaceOwnedError when somebody else is at it, ForeignContentError, the system's errors, what `mayTakeOver` throws
 */
export async function claimPlace(place: string, options: ClaimOptions = {}): Promise<Ownership> {
  const owner = newOwner();
  const deadline = performance.now() + (options.waitMs ?? 0);
  for (let attempt = 1; ; attempt++) {
    const step = await tryToClaim(place, owner, options);
    if (step instanceof Ownership) return step;
    if (step === 'again' && attempt < maxTries) continue;
    if (step === 'again') throw new Error(`${partialPath(place)} could not be taken in ${maxTries} tries. Check the disk, then try again.`);
    if (performance.now() >= deadline) throw new PlaceOwnedError(place, step);
    await delay(Math.min(maxPollMs, attempt * pollMs));
  }
}

/** @returns whoever is in the way, or 'again' when the place has just changed hands */
async function tryToClaim(place: string, owner: Owner, options: ClaimOptions): Promise<Ownership | Occupant | 'again'> {
  const free = await takeFree(place, owner);
  if (free.isTaken) return begin(place, owner, 'new');
  const found = await inspectPlace(place, free.now);
  if (found.kind === 'free') return 'again';
  if (found.kind === 'foreign') throw new ForeignContentError(place, found.names);
  const { occupant } = found;
  if (occupant.life === 'alive' && options.takeOver !== true) return occupant;
  await options.mayTakeOver?.(occupant);
  return (await takeOver(occupant, owner)) ? begin(place, owner, 'taken over') : 'again';
}

async function begin(place: string, owner: Owner, how: 'new' | 'taken over'): Promise<Ownership> {
  await removeLeftStagings(dirname(partialPath(place)));
  const ownership = new Ownership(place, owner);
  if (how === 'taken over') await ownership.beat(); // whoever had the place for a moment may have swept the record away
  return ownership;
}

/** One that is not known to have ended may wake up with files open. */
function mayStillWrite({ life }: Occupant): boolean {
  return life === 'alive' || life === 'silent';
}

interface Try {
  readonly isTaken: boolean;
  /** Milliseconds since 1970, by the clock of the file system. */
  readonly now: number;
}

/** The owner's folder and record are made aside and come to the place in one step, so that no folder there is without a record. */
async function takeFree(place: string, owner: Owner): Promise<Try> {
  const container = partialPath(place);
  const staging = stagingPath(dirname(container), owner.id);
  const folder = join(staging, owner.id);
  try {
    await mkdir(staging);
    await mkdir(folder);
    const record = recordPath(folder, owner.id);
    await writeFile(record, ownerText(owner), { flag: 'wx' });
    const { mtimeMs: now } = await lstat(record);
    return { isTaken: await renameOnto(staging, container, owner.id), now };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const occupiedCodes: readonly unknown[] = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'ENOENT'];
/** What Windows and some file servers say of a name that is taken, and of much else. */
const vagueCodes: readonly unknown[] = ['EPERM', 'EACCES'];

/** @returns whether `staging` has the container's name now */
async function renameOnto(staging: string, container: string, id: string): Promise<boolean> {
  try {
    await rename(staging, container);
    return true;
  } catch (error) {
    if (await exists(join(container, id))) return true; // done, but a server's first answer was lost
    const code = systemCode(error);
    const isOccupied = occupiedCodes.includes(code) || (vagueCodes.includes(code) && (await exists(container)));
    if (!isOccupied) throw error;
    await rmdir(container).catch(() => undefined); // where no folder is renamed onto an empty one
    return false;
  }
}

/** @returns false when the folder has got another owner meanwhile */
async function takeOver(former: Occupant, owner: Owner): Promise<boolean> {
  const { folder } = former;
  const mine = join(dirname(folder), owner.id);
  try {
    if (mayStillWrite(former)) await writeFile(sharedMark(folder), '');
    await writeFile(recordPath(folder, owner.id), ownerText(owner));
    await rename(folder, mine);
  } catch (error) {
    if (!(await exists(mine))) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
  const own = basename(recordPath(mine, owner.id));
  for (const name of await readdir(mine)) if (isRecord(name) && name !== own) await rm(join(mine, name), { force: true });
  return true;
}

function isRecord(name: string): boolean {
  return /^owner-.+\.json(\.new)?$/.test(name);
}
