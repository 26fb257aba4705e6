import { lossOf, type LinePoint } from '../report/index.js';
import { estimate, type Estimate } from '../scoring/estimate.js';

/** How far the loss at a point between the ends lies above the chord. */
export interface Rise extends Estimate {
  readonly at: number;
}

/** The part of a line that has a chord: its points from α = 0 to α = 1. */
export interface Chord {
  readonly start: LinePoint;
  readonly between: readonly LinePoint[];
  readonly end: LinePoint;
}

/** Null while an end, or every point between the ends, is missing. */
export function chordOf(points: readonly LinePoint[]): Chord | null {
  const [start, end] = [points.find(({ at }) => at === 0), points.find(({ at }) => at === 1)];
  const between = points.filter(({ at }) => at > 0 && at < 1);
  return start === undefined || end === undefined || between.length === 0 ? null : { start, between, end };
}

/** `loss(α) − ((1−α)·loss(0) + α·loss(1))` at each point between the ends, for one task. */
export function risesOf({ start, between, end }: Chord, task: number): Rise[] {
  return between.map(({ at, scores }) => {
    const terms = [
      { weight: 1, score: scores[task]! },
      { weight: at - 1, score: start.scores[task]! },
      { weight: -at, score: end.scores[task]! },
    ];
    return { at, ...estimate(terms) };
  });
}

/** The highest of some rises; of equal ones the first. */
export function highestOf(rises: readonly Rise[]): Rise {
  return rises.reduce((best, rise) => (rise.value > best.value ? rise : best));
}

/** The point with the least loss that is finite, of equal ones the nearest to 0; null without one. */
export function lowestPoint(points: readonly LinePoint[], task: number): LinePoint | null {
  const lossAt = ({ scores }: LinePoint): number => lossOf(scores[task]!);
  const finite = points.filter((point) => Number.isFinite(lossAt(point)));
  const [least = null] = finite.toSorted((p, q) => lossAt(p) - lossAt(q) || Math.abs(p.at) - Math.abs(q.at));
  return least;
}
