import { scoredCount } from './scoredCount.js';
import type { TokenLogProbabilities, TokenSequence } from './task.js';

/** Summed negative log-likelihood of each sequence's scored tokens, in nats. */
export function negativeLogLikelihoods(sequences: readonly TokenSequence[], answers: readonly TokenLogProbabilities[]): number[] {
  if (answers.length !== sequences.length)
    throw new RangeError(`Log-probabilities of ${answers.length} sequences were given for ${sequences.length}.`);
  return sequences.map((sequence, i) => {
    const answer = answers[i]!;
    if (answer.length !== scoredCount(sequence))
      throw new RangeError(`Sequence ${i} has ${scoredCount(sequence)} scored tokens, but ${answer.length} log-probabilities were given.`);
    return answer.reduce((nats, logProbability) => nats - logProbability, 0);
  });
}
