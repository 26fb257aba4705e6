import { ratioEstimate, sum, type SampleEstimate } from './ratioEstimate.js';
import type { ChoiceScore, LossScore, TaskScore } from './score.js';

/** A score of a model over windows or items, so that those of several models can be paired. */
export type PairedScore = LossScore | ChoiceScore;

/**
 * A linear contrast of scores on the same windows or items: Σ coefficientₖ · lossₖ in nats per token, or
 * Σ coefficientₖ · accuracyₖ. Its standard error is that of the ratio estimator over the windows' own contrasts: what
 * all models find hard cancels out when the coefficients add up to 0.
 * @throws RangeError when the scores are not of one kind on the same windows or items, or a coefficient is missing
 */
export function contrast(scores: readonly PairedScore[], coefficients: readonly number[]): SampleEstimate {
  if (scores.length === 0 || scores.length !== coefficients.length)
    throw new RangeError(
      `A contrast needs one coefficient a score: found ${scores.length} scores and ${coefficients.length} coefficients.`,
    );
  const amounts = scores.map(itemAmounts);
  const sizes = commonSizes(scores);
  return ratioEstimate(
    sizes.map((_, item) => sum(coefficients.map((coefficient, k) => coefficient * amounts[k]![item]!))),
    sizes,
  );
}

/** `b − a` in loss (nats per token) or accuracy, over the windows or items that both have in common. */
export function pairedDifference(a: PairedScore, b: PairedScore): SampleEstimate {
  return contrast([a, b], [-1, 1]);
}

/** The scores, when they are of one kind on the same windows or items with the same tokens in each; else null. */
export function pairable(scores: readonly TaskScore[]): readonly PairedScore[] | null {
  const paired = scores.flatMap((score) => (score.kind === 'outside' ? [] : [score]));
  const [first] = paired;
  if (first === undefined || paired.length < scores.length) return null;
  const sizes = itemSizes(first);
  return paired.every((score) => score.kind === first.kind && isSame(itemSizes(score), sizes)) ? paired : null;
}

/** Windows or items of a score. */
export function itemCount(score: PairedScore): number {
  return itemSizes(score).length;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** What each window or item adds to a score: nats, or 1 for a right answer. */
export function itemAmounts(score: PairedScore): readonly number[] {
  return score.kind === 'loss' ? score.itemNats : score.itemCorrect;
}

function itemSizes(score: PairedScore): readonly number[] {
  return score.kind === 'loss' ? score.itemTokens : score.itemCorrect.map(() => 1);
}

function commonSizes(scores: readonly PairedScore[]): readonly number[] {
  if (pairable(scores) === null)
    throw new RangeError('Scores can be paired only when they are of one kind, on the same windows or items with the same tokens in each.');
  return itemSizes(scores[0]!);
}
