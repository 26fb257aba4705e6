import { ratioEstimate } from './ratioEstimate.js';
import type { ChoiceScore } from './score.js';
import { maxOf } from '../../base/extremes.js';

/** A question's choices as a model sees them. */
export interface ScoredQuestion {
  /** Summed log-likelihood of each choice, in nats. */
  readonly logLikelihoods: readonly number[];
  /** UTF-8 bytes of each choice, at least 1. */
  readonly byteLengths: readonly number[];
  /** Index of the right choice. */
  readonly answer: number;
}

/**
 * Accuracies with binomial standard errors, `√(p (1 − p) / (n − 1))`: by the log-likelihood of each choice, and normalised by the
 * UTF-8 bytes of its text (`acc_norm` of the LM Evaluation Harness divides by characters). Of equal choices the first is taken.
 */
export function choiceScore(questions: readonly ScoredQuestion[]): ChoiceScore {
  const itemCorrect = questions.map(({ logLikelihoods, answer }) => correctness(logLikelihoods, answer));
  const itemCorrectNormalised = questions.map(({ logLikelihoods, byteLengths, answer }) =>
    correctness(
      logLikelihoods.map((value, i) => value / byteLengths[i]!),
      answer,
    ),
  );
  const plain = meanOf(itemCorrect);
  const normalised = meanOf(itemCorrectNormalised);
  return {
    kind: 'choice',
    accuracy: plain.value,
    accuracyNormalised: normalised.value,
    standardError: plain.standardError,
    standardErrorNormalised: normalised.standardError,
    itemCount: questions.length,
    itemCorrect,
    itemCorrectNormalised,
  };
}

/** 1 when the answer has the largest value, else 0; NaN when a value is NaN. */
function correctness(values: readonly number[], answer: number): number {
  if (values.some(Number.isNaN)) return NaN;
  return values.indexOf(maxOf(values)) === answer ? 1 : 0;
}

function meanOf(values: readonly number[]): ReturnType<typeof ratioEstimate> {
  return ratioEstimate(
    values,
    values.map(() => 1),
  );
}
