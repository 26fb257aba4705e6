import { ratioEstimate, sum } from './ratioEstimate.js';
import type { LossScore } from './score.js';

/**
 * The loss over windows or items.
 * @param itemNats summed negative log-likelihood of each, in nats
 * @param itemTokens scored tokens of each, at least one in all
 * @param byteCount UTF-8 bytes of the text that the tokens stand for; NaN where it is unknown
 */
export function lossScore(itemNats: readonly number[], itemTokens: readonly number[], byteCount: number): LossScore {
  const { value: loss, standardError } = ratioEstimate(itemNats, itemTokens);
  return {
    kind: 'loss',
    loss,
    standardError,
    perplexity: Math.exp(loss),
    bitsPerByte: sum(itemNats) / Math.LN2 / byteCount,
    tokenCount: sum(itemTokens),
    byteCount,
    itemNats,
    itemTokens,
  };
}
