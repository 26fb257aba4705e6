import type { Verdict } from '../report/index.js';
import { highestOf, type Rise } from './rises.js';
import { upperQuantile } from './studentT.js';
import { maxOf, minOf } from '../../base/extremes.js';

export interface Judgement {
  readonly verdict: Exclude<Verdict, 'undefined'>;
  readonly highest: Rise;
  /** Windows or items in all that would probably decide it; null when it is decided, or when no number is likely to. */
  readonly itemsNeeded: number | null;
}

/**
 * The largest rise that still counts as none: 0.02 nats per token is 2 % of perplexity, and for accuracies it is the two
 * percentage points within which Frankle et al. (2020) call two networks linearly connected.
 */
export const barrierTolerance = 0.02;
/** With fewer windows their spread says too little of itself for a verdict. */
export const fewestItems = 8;
/** More text than this nobody scores: a rise so near to the tolerance stays undecided. */
const mostItems = 1e6;
/** One-sided: with many windows the bounds lie two standard errors away. */
const errorRate = 0.025;

/**
 * Decides from the rises at the points between two ends, each with its standard error.
 * - `connected` when every single rise is below the tolerance at the error rate of 2.5 %. All of them have to pass, so no
 *   correction for their number is needed: the chance to pass wrongly is at most that of the point which is above.
 * - `barrier` when some rise is above the tolerance at 2.5 % divided by the number of points (Bonferroni), because the
 *   highest of many noisy points is high by chance.
 * - `undecided` otherwise, and with fewer than 8 windows.
 * @param rises at least one; their values are finite
 */
export function judgeRises(rises: readonly Rise[], tolerance: number): Judgement {
  const highest = highestOf(rises);
  const { itemCount } = highest;
  if (itemCount < fewestItems || rises.some(({ standardError }) => Number.isNaN(standardError)))
    return { verdict: 'undecided', highest, itemsNeeded: itemCount < fewestItems ? fewestItems : null };
  const forAll = upperQuantile(errorRate, itemCount - 1);
  const forHighest = upperQuantile(errorRate / rises.length, itemCount - 1);
  const isBelow = ({ value, standardError }: Rise): boolean => value + forAll * standardError <= tolerance;
  const isAbove = ({ value, standardError }: Rise): boolean => value - forHighest * standardError > tolerance;
  if (rises.every(isBelow)) return { verdict: 'connected', highest, itemsNeeded: null };
  if (rises.some(isAbove)) return { verdict: 'barrier', highest, itemsNeeded: null };
  return { verdict: 'undecided', highest, itemsNeeded: itemsToDecide(rises, tolerance, forAll, forHighest) };
}

/** If the rises stay as they are, and standard errors shrink with the square root of the number of windows. */
function itemsToDecide(rises: readonly Rise[], tolerance: number, forAll: number, forHighest: number): number | null {
  const above = rises.filter(({ value }) => value > tolerance);
  const toBarrier = above.map((rise) => itemsFor(rise, tolerance, forHighest));
  const items = above.length > 0 ? minOf(toBarrier) : maxOf(rises.map((rise) => itemsFor(rise, tolerance, forAll)));
  return items <= mostItems ? items : null;
}

/** So many that the rise lies `errors` standard errors away from the tolerance. */
function itemsFor({ value, standardError, itemCount }: Rise, tolerance: number, errors: number): number {
  return Math.ceil(itemCount * ((errors * standardError) / (value - tolerance)) ** 2);
}
