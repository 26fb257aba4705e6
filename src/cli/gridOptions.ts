import { farthestPosition, type LineGrid } from '../connectivity/index.js';
import { UsageError } from './io.js';
import type { ParsedOptions } from './options.js';

/** Evenly spaced points of a parameter: α, λ, or both axes of a plane. */
export type Grid = Omit<LineGrid, 'refine'>;

/** What --from, --to and --points say. @throws UsageError */
export function readGrid(options: ParsedOptions, defaults: Grid, mostPoints: number): Grid {
  const from = readPosition('from', options) ?? defaults.from;
  const to = readPosition('to', options) ?? defaults.to;
  if (!(from < to)) throw new UsageError(`--from has to be less than --to, but got ${from} and ${to}.`);
  return { from, to, points: options.wholeNumber('points', 2, mostPoints) ?? defaults.points };
}

function readPosition(name: 'from' | 'to', options: ParsedOptions): number | null {
  const position = options.decimal(name);
  if (position === null || Math.abs(position) <= farthestPosition) return position;
  throw new UsageError(`--${name} takes a number between ${-farthestPosition} and ${farthestPosition}, but got ${position}.`);
}
