import { ratioEstimate, sum, type SampleEstimate } from './ratioEstimate.js';
import type { ChoiceScore, LossScore } from './score.js';

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

function itemAmounts(score: PairedScore): readonly number[] {
  return score.kind === 'loss' ? score.itemNats : score.itemCorrect;
}

function itemSizes(score: PairedScore): readonly number[] {
  return score.kind === 'loss' ? score.itemTokens : score.itemCorrect.map(() => 1);
}

function commonSizes(scores: readonly PairedScore[]): readonly number[] {
  const [first, ...others] = scores.map(itemSizes);
  const differs = others.some((sizes) => sizes.length !== first!.length || sizes.some((size, i) => size !== first![i]));
  const mixed = scores.some(({ kind }) => kind !== scores[0]!.kind);
  if (mixed || differs)
    throw new RangeError('Scores can be paired only when they are of one kind, on the same windows or items with the same tokens in each.');
  return first!;
}
