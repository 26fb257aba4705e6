import { lstat, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { exists } from '../../base/exists.js';
import { isMissing } from '../../base/fileAccess.js';
import { inspectPlace, partialPath, type Occupant } from '../../base/ownership/occupant.js';
import { isOwnerId } from '../../base/ownership/owner.js';
import { describeOwned } from '../../base/ownership/placeErrors.js';
import { jobPaths } from '../outputPaths.js';
import { whyNotAbandoned } from './abandoned.js';
import { begunAdoption, isAdopting } from './oldPartial.js';

const maxLooks = 4;
const lookMs = 30;

/** What the user allows where somebody has left something, or is at it. */
export interface TakeOverChoices {
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  /** The user's word that whoever writes there has ended. */
  readonly takeOver?: boolean;
}

/** Why an output cannot be begun; `code` is that of the refusal in a plan. */
export interface Obstacle {
  readonly code: 'output-in-use' | 'output-partial' | 'output-not-ours';
  readonly message: string;
  readonly place: string;
}

/** What is in the way where an output is to be made: somebody who is at it, or what somebody has left. */
export async function obstacleAt(output: string, choices: TakeOverChoices): Promise<Obstacle | null> {
  const found = await inspectPlace(output);
  if (found.kind === 'free') return null;
  if (found.kind === 'foreign') return obstacleOfOld(output, choices);
  const { occupant } = found;
  if (occupant.life === 'alive' && choices.takeOver !== true)
    return { code: 'output-in-use', message: describeOwned(output, occupant), place: output };
  const obstacle = await obstacleLeft(output, occupant, choices);
  return (await exists(occupant.folder)) ? obstacle : obstacleAt(output, choices);
}

/**
 * The same of an owner who is gone: what it has left is neither used nor removed without a word, and what is not the tool's never.
 * Null also when somebody has just taken that over.
 */
export async function obstacleLeft(
  output: string,
  { folder }: Pick<Occupant, 'folder'>,
  choices: TakeOverChoices,
): Promise<Obstacle | null> {
  const left = jobPaths(folder).output;
  if (await isEmpty(left)) return null;
  const obstacle = whyNotTaken(output, await whyNotAbandoned(left), choices);
  return (await exists(folder)) ? obstacle : null;
}

/** The same of what is not in an owner's folder: an earlier version's, half way into one perhaps, or somebody's own. */
export async function obstacleOfOld(output: string, choices: TakeOverChoices): Promise<Obstacle | null> {
  for (let look = 1; ; look++) {
    const reason = await whyNotOld(partialPath(output));
    if ((await inspectPlace(output)).kind !== 'foreign') return obstacleAt(output, choices); // somebody has just taken it over
    if (reason === null || look === maxLooks) return whyNotTaken(output, reason, choices);
    await delay(lookMs); // somebody may be about to take it over
  }
}

async function whyNotOld(container: string): Promise<string | null> {
  const stats = await lstat(container).catch(() => null);
  if (stats === null) return null;
  const isBegun = stats.isDirectory() && (await begunAdoption(container)) !== null;
  return isBegun ? null : whyNotAbandoned(container, (name) => isAdopting(name) || isOwnerId(name));
}

function whyNotTaken(output: string, reason: string | null, { resume, overwrite }: TakeOverChoices): Obstacle | null {
  const place = partialPath(output);
  if (reason !== null) return { code: 'output-not-ours', message: reason, place };
  if (resume === true || overwrite === true) return null;
  const message = `${place} is left from a run that did not finish. Resume that run, or allow it to be overwritten.`;
  return { code: 'output-partial', message, place };
}

/** The folder that holds what was written of an output so far; null when nothing was. */
export async function writtenFolder(output: string): Promise<string | null> {
  const found = await inspectPlace(output);
  if (found.kind === 'free') return null;
  const folder = found.kind === 'foreign' ? partialPath(output) : jobPaths(found.occupant.folder).output;
  return (await exists(folder)) ? folder : null;
}

async function isEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.length === 0,
    (error: unknown) => {
      if (isMissing(error)) return true;
      throw error;
    },
  );
}
