import type { LinePath, LinePoint } from '../report/index.js';
import { estimate, type Estimate } from '../scoring/estimate.js';
import { tidy } from './grid.js';
import { barrierTolerance } from './judgeRises.js';
import { chordOf, highestOf, lowestPoint, risesOf } from './rises.js';
import { maxOf } from '../../base/extremes.js';

/** A bend that moves the middle of an interval by less than this share of the tolerance is not worth a point. */
const worthwhile = 0.1 * barrierTolerance;
/** Bends below so many standard errors are taken for noise. */
const noiseErrors = 2;
/** Intervals beside the point that the verdict hangs on come first. */
const peakWeight = 2;
/** No interval is cut below this. */
const narrowest = 1 / 256;

interface Interval {
  readonly middle: number;
  readonly gain: number;
}

/**
 * Where more points would tell most: the middles of the intervals that a parabola through neighbouring points leaves
 * furthest from the straight line, on any task. Next to the highest rise above the chord, or to the best λ, that counts
 * twice. Deterministic. Empty when every bend is within noise or too small to matter.
 * @param points ascending
 * @param most positions wanted at most
 * @returns new positions, ascending
 */
export function proposePositions(points: readonly LinePoint[], kind: LinePath['kind'], most: number): number[] {
  if (points.length === 2) return middlesOf(points);
  const taskCount = points[0]?.scores.length ?? 0;
  const intervals = points.slice(1).map((right, i): Interval => {
    const left = points[i]!;
    const gains = Array.from({ length: taskCount }, (_, task) => intervalGain(points, i, task) * weightOf(points, i, task, kind));
    return { middle: tidy((left.at + right.at) / 2), gain: right.at - left.at < 2 * narrowest ? 0 : Math.max(0, maxOf(gains)) };
  });
  return intervals
    .filter(({ gain }) => gain >= worthwhile)
    .sort((x, y) => y.gain - x.gain || x.middle - y.middle)
    .slice(0, most)
    .map(({ middle }) => middle)
    .sort((x, y) => x - y);
}

/** Two points show no bend: a third one does. */
function middlesOf(points: readonly LinePoint[]): number[] {
  return points.slice(1).map((right, i) => tidy((points[i]!.at + right.at) / 2));
}

/** How far the middle of the interval after point `left` is expected to lie from the straight line; 0 within noise. */
function intervalGain(points: readonly LinePoint[], left: number, task: number): number {
  const width = points[left + 1]!.at - points[left]!.at;
  const bends = [left - 1, left].flatMap((first) => {
    const three = points.slice(Math.max(0, first), first + 3);
    return first < 0 || three.length < 3 ? [] : [bendOf(three as [LinePoint, LinePoint, LinePoint], task)];
  });
  const shifts = bends.filter(isBeyondNoise).map(({ value }) => (Math.abs(value) * width ** 2) / 4);
  return Math.max(0, maxOf(shifts));
}

/** Second divided difference of the losses: half the second derivative of the parabola through three points. */
function bendOf(three: readonly [LinePoint, LinePoint, LinePoint], task: number): Estimate {
  return estimate(
    three.map(({ at, scores }, i) => {
      const others = three.filter((_, j) => j !== i);
      return { weight: 1 / others.reduce((product, other) => product * (at - other.at), 1), score: scores[task]! };
    }),
  );
}

/** Without a standard error, as of an outside command, every bend is taken as it is. */
function isBeyondNoise({ value, standardError }: Estimate): boolean {
  return Number.isFinite(value) && (Number.isNaN(standardError) || Math.abs(value) > noiseErrors * standardError);
}

function weightOf(points: readonly LinePoint[], left: number, task: number, kind: LinePath['kind']): number {
  const peak = kind === 'sweep' ? (lowestPoint(points, task)?.at ?? null) : highestRiseAt(points, task);
  return peak === points[left]!.at || peak === points[left + 1]!.at ? peakWeight : 1;
}

function highestRiseAt(points: readonly LinePoint[], task: number): number | null {
  const chord = chordOf(points);
  return chord === null ? null : highestOf(risesOf(chord, task)).at;
}
