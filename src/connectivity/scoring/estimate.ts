import { contrast, type PairedScore, type TaskScore } from '../../evaluate/report/index.js';
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
  const paired = pairedScores(terms.map(({ score }) => score));
  if (paired === null)
    return { value: terms.reduce((sum, { weight, score }) => sum + weight * lossOf(score), 0), standardError: NaN, itemCount: 0 };
  const sign = paired[0]?.kind === 'choice' ? -1 : 1; // a contrast of accuracies is minus that of error rates
  const { value, standardError } = contrast(
    paired,
    terms.map(({ weight }) => sign * weight),
  );
  return { value, standardError, itemCount: sizesOf(paired[0]!).length };
}

/** How much better `better` is than `worse`: above 0 where its loss is lower. */
export function gain(worse: TaskScore, better: TaskScore): Estimate {
  return estimate([
    { weight: 1, score: worse },
    { weight: -1, score: better },
  ]);
}

/** The scores, when they are of one kind on the same windows or items; else null. */
function pairedScores(scores: readonly TaskScore[]): readonly PairedScore[] | null {
  const paired = scores.flatMap((score) => (score.kind === 'outside' ? [] : [score]));
  const [first] = paired;
  if (first === undefined || paired.length < scores.length) return null;
  const sizes = sizesOf(first);
  return paired.every((score) => score.kind === first.kind && isSame(sizesOf(score), sizes)) ? paired : null;
}

/** Tokens of each window, or one for each question. */
function sizesOf(score: PairedScore): readonly number[] {
  return score.kind === 'loss' ? score.itemTokens : score.itemCorrect.map(() => 1);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
