import { partialPath, type Occupant } from './occupant.js';
import { describeOwner, silentAfterMs } from './owner.js';
import { stateOf } from './processIdentity.js';

/** Somebody else writes at the place. The message says who, since when, and what to do. */
export class PlaceOwnedError extends Error {
  override readonly name = 'PlaceOwnedError';

  constructor(
    readonly place: string,
    readonly occupant: Occupant,
  ) {
    super(describeOwned(place, occupant));
  }
}

/** Another process has taken the place over, because this one gave no sign of life or the user said so; nothing of it was touched. */
export class OwnershipLostError extends Error {
  override readonly name = 'OwnershipLostError';
}

/** What lies at a place where owners have their folders was made by nobody of them. */
export class ForeignContentError extends Error {
  override readonly name = 'ForeignContentError';

  constructor(place: string, names: readonly string[]) {
    const what = names.length === 0 ? 'is a file' : `holds what this tool did not write (${names.slice(0, 5).join(', ')})`;
    super(`${partialPath(place)} ${what}, so ${place} cannot be written. Move it away, or choose another name.`);
  }
}

/** When an owner that cannot be seen from here counts as gone. */
export const elsewhereRule = `A process on another machine counts as ended after ${silentAfterMs / 60_000} minutes without a sign of life.`;

/** The sentences of a `PlaceOwnedError`. */
export function describeOwned(place: string, { owner, silenceMs, folder }: Occupant): string {
  if (owner === null) return `${place} is being written by another process. Wait until it has ended. If it has, remove ${folder}.`;
  const isElsewhere = owner.processes.map(stateOf).includes('unknown');
  const patience = isElsewhere ? ` ${elsewhereRule}` : '';
  return `${place} is being written by ${describeOwner(owner, silenceMs)}. Wait until it has ended, or end it.${patience}`;
}

export function lostError(place: string, successor: Occupant | null): OwnershipLostError {
  const taker = successor?.owner ?? null;
  const how =
    taker === null
      ? `${partialPath(place)} was taken over or removed by somebody else`
      : `${place} was taken over by ${describeOwner(taker, successor?.silenceMs ?? 0)}`;
  return new OwnershipLostError(`${how}, so this run has stopped. It has changed nothing there since.`);
}
