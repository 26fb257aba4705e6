import type { TokenSequence } from './task.js';

/** Tokens of a sequence that are scored. */
export function scoredCount({ tokens, firstScored }: TokenSequence): number {
  return tokens.length - firstScored;
}
