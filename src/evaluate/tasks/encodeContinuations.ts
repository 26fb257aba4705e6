import { tokenByteLengths, type EncodedText, type Tokenizer } from '../../model/tokenizer/index.js';

/** A prompt and what follows it, in tokens. */
export interface Continuation extends EncodedText {
  /** Tokens of the prompt: those from here on are scored. */
  readonly cut: number;
  /** UTF-8 bytes of the scored tokens. */
  readonly byteLength: number;
}

/**
 * Tokens of a prompt with each of several continuations, without BOS. The boundary is lm-evaluation-harness's
 * (`_encode_pair`): white space at the prompt's end counts as the continuation's, both are encoded together, and cut where
 * the prompt alone would end. Where a token reaches across, the continuation begins behind it.
 */
export function encodeContinuations(tokenizer: Tokenizer, prompt: string, continuations: readonly string[]): Continuation[] {
  const head = prompt.trimEnd();
  const headTokens = tokenizer.encode(head).length;
  return continuations.map((continuation) => {
    const text = prompt + continuation;
    const tokens = tokenizer.encode(text);
    const cut = Math.min(tokens.length, headTokens);
    const lengths = tokenByteLengths(tokenizer, text, tokens);
    const byteLength = lengths?.subarray(cut).reduce((sum, length) => sum + length, 0) ?? Buffer.byteLength(text.slice(head.length));
    return { text, tokens, cut, byteLength };
  });
}
