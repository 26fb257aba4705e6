import { lstat, readdir } from 'node:fs/promises';
import { exists } from '../../base/exists.js';
import { isMissing } from '../../base/fileAccess.js';
import { inspectPlace, partialPath, type Occupant } from '../../base/ownership/occupant.js';
import { describeOwned } from '../../base/ownership/placeErrors.js';
import { jobPaths } from '../outputPaths.js';
import { whyNotAbandoned } from './abandoned.js';
import { begunAdoption } from './oldPartial.js';

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
  return obstacleLeft(output, occupant, choices);
}

/** The same of an owner who is gone: what it has left is neither used nor removed without a word, and what is not the tool's never. */
export async function obstacleLeft(
  output: string,
  { folder }: Pick<Occupant, 'folder'>,
  choices: TakeOverChoices,
): Promise<Obstacle | null> {
  const left = jobPaths(folder).output;
  return (await isEmpty(left)) ? null : whyNotTaken(output, await whyNotAbandoned(left), choices);
}

/** The same of what is not in an owner's folder: an earlier version's, half way into one perhaps, or somebody's own. */
export async function obstacleOfOld(output: string, choices: TakeOverChoices): Promise<Obstacle | null> {
  const container = partialPath(output);
  const stats = await lstat(container).catch(() => null);
  if (stats === null) return null;
  const isBegun = stats.isDirectory() && (await begunAdoption(container)) !== null;
  return whyNotTaken(output, isBegun ? null : await whyNotAbandoned(container), choices);
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
