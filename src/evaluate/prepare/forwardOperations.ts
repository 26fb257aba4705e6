import type { ModelGraph } from '../graph/index.js';
import type { TokenSequence } from '../tasks/index.js';

/** Floating-point operations of the forward pass of one candidate over these sequences; for estimates. */
export function forwardOperations(
  { blocks, hiddenSize, vocabularySize, blockOperations }: ModelGraph,
  sequences: readonly TokenSequence[],
): number {
  return sequences.reduce(
    (sum, { tokens, firstScored }) =>
      sum + blocks.length * blockOperations(tokens.length) + 2 * (tokens.length - firstScored) * hiddenSize * vocabularySize,
    0,
  );
}
