import type { LineGrid } from '../request.js';

/** Positions nearer to each other than this are the same; well above the rounding of a step, well below any that makes sense. */
const resolution = 1e-9;

/** Points that a line may have. */
export const mostLinePoints = 1000;

/** Beyond this, on either side, a formula's scales overflow, and no model is left of the models. */
export const farthestPosition = 1e6;

/**
 * Evenly spaced positions from `from` to `to`, ascending, with 0 and 1 among them as exact numbers where they lie within
 * range: the ends of a chord, the target itself and the plain transfer are models in their own right.
 * @throws Error for fewer than two points, ends that are not finite, or an empty range
 */
export function gridPositions({ from, to, points }: Pick<LineGrid, 'from' | 'to' | 'points'>): number[] {
  if (!Number.isInteger(points) || points < 2) throw new Error(`A grid has at least 2 points, but got ${points}.`);
  if (!Number.isFinite(from) || !Number.isFinite(to) || to - from < resolution)
    throw new Error(`A grid runs from a number to a larger one, but got ${from} to ${to}.`);
  const even = Array.from({ length: points }, (_, i) => tidy(from + ((to - from) * i) / (points - 1)));
  return mergePositions(
    [0, 1].filter((end) => end >= from - resolution && end <= to + resolution),
    even,
  );
}

/** All positions, ascending, each once. Of two that are the same, the one from `first` stays. */
export function mergePositions(first: readonly number[], second: readonly number[]): number[] {
  const isNew = (at: number): boolean => first.every((known) => !isSamePosition(known, at));
  return [...first, ...second.filter(isNew)].sort((x, y) => x - y);
}

export function isSamePosition(x: number, y: number): boolean {
  return Math.abs(x - y) < resolution;
}

/** Without the digits that a sum of steps leaves behind: 0.3, not 0.30000000000000004. */
export function tidy(at: number): number {
  return Math.round(at * 1e12) / 1e12;
}
