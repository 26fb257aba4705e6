import type { Continuation } from './encodeContinuations.js';
import type { TokenSequence } from './task.js';

/** A continuation as a sequence for the model. */
export interface FittedSequence extends TokenSequence {
  readonly promptCut: boolean;
}

/**
 * BOS, where there is one, and the tokens; where they are more than the model can read, the prompt loses its beginning.
 * @returns what makes it impossible, as a clause, or the sequence
 */
export function fitSequence(
  { tokens, cut }: Pick<Continuation, 'tokens' | 'cut'>,
  bosToken: number | null,
  contextLength: number | null,
): FittedSequence | string {
  const lead = bosToken === null ? [] : [bosToken];
  const scored = tokens.length - cut;
  if (scored === 0) return 'what follows the prompt joins its last token, which leaves none to score (is a space missing between them?)';
  if (cut + lead.length === 0)
    return 'the prompt is blank, and the tokenizer puts no token before a text that the first could be scored by';
  const room = (contextLength ?? Infinity) - scored - lead.length;
  if (room + lead.length < 1)
    return `what follows the prompt has ${scored} tokens, and the models read at most ${contextLength ?? 0} with one before`;
  const kept = Math.min(cut, room);
  return { tokens: Uint32Array.of(...lead, ...tokens.subarray(cut - kept)), firstScored: lead.length + kept, promptCut: kept < cut };
}
