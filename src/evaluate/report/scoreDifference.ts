import { itemCount, pairable, pairedDifference } from './contrast.js';
import type { TaskScore } from './score.js';

/** By how much one model's score differs from another's: in nats per token, in accuracy, or in what a command measures. */
export interface ScoreDifference {
  readonly value: number;
  /** Of `value`, from the windows or items of both, pair by pair; NaN where there are no pairs, or only one. */
  readonly standardError: number;
  /** Pairs behind the standard error; 0 where models have other tokens, or a command gave a number. */
  readonly itemCount: number;
}

/** `score − reference` of two scores on one task. */
export function scoreDifference(reference: TaskScore, score: TaskScore): ScoreDifference {
  const paired = pairable([reference, score]);
  if (paired === null) return { value: leadingValue(score) - leadingValue(reference), standardError: NaN, itemCount: 0 };
  return { ...pairedDifference(paired[0]!, paired[1]!), itemCount: itemCount(paired[0]!) };
}

/** The one number that stands for a score. */
export function leadingValue(score: TaskScore): number {
  switch (score.kind) {
    case 'loss':
      return score.loss;
    case 'choice':
      return score.accuracy;
    case 'outside':
      return score.value;
    default:
      return score satisfies never;
  }
}
