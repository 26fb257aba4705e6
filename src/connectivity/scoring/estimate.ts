import {
  contrast,
  itemAmounts,
  itemCount,
  pairable,
  ratioEstimate,
  type SampleEstimate,
  type TaskScore,
} from '../../evaluate/report/index.js';
import { lossOf } from '../report/index.js';

/** A weighted sum of losses. */
export interface Estimate {
  readonly value: number;
  /** From paired windows or items; NaN where it cannot be known. */
  readonly standardError: number;
  /** Pairs behind the standard error; 0 where nothing can be paired. */
  readonly itemCount: number;
}

export interface Term {
  readonly weight: number;
  readonly score: TaskScore;
}

/**
 * Σ weight · loss of scores on one task. The weights add up to 0, so that what all models find hard cancels out.
 * Scores of other windows, as of models with other tokens, have no standard error.
 */
export function estimate(terms: readonly Term[]): Estimate {
  const paired = pairable(terms.map(({ score }) => score));
  if (paired === null)
    return { value: terms.reduce((sum, { weight, score }) => sum + weight * lossOf(score), 0), standardError: NaN, itemCount: 0 };
  const sign = paired[0]?.kind === 'choice' ? -1 : 1; // a contrast of accuracies is minus that of error rates
  const { value, standardError } = contrast(
    paired,
    terms.map(({ weight }) => sign * weight),
  );
  return { value, standardError, itemCount: itemCount(paired[0]!) };
}

/** How much better `better` is than `worse`: above 0 where its loss is lower. */
export function gain(worse: TaskScore, better: TaskScore): Estimate {
  return estimate([
    { weight: 1, score: worse },
    { weight: -1, score: better },
  ]);
}

/**
 * The gain of one model over another as a share of a third one's, (worse − part) / (worse − whole) in loss, or the same in accuracy;
 * its standard error is that of the ratio estimator over what each window or item gives to both gains. NaN where nothing can be paired.
 */
export function gainRatio(worse: TaskScore, part: TaskScore, whole: TaskScore): SampleEstimate {
  const paired = pairable([worse, part, whole]);
  if (paired === null) return { value: gain(worse, part).value / gain(worse, whole).value, standardError: NaN };
  const [from, some, all] = paired.map(itemAmounts);
  const gains = (to: readonly number[]): number[] => from!.map((amount, i) => amount - to[i]!);
  return ratioEstimate(gains(some!), gains(all!));
}
