import type { EncodedText, Tokenizer } from '../../model/tokenizer/index.js';

/** A text, and what may follow it. */
export interface Prompt {
  readonly prompt: string;
  readonly continuations: readonly string[];
}

/** A prompt and what follows it, in tokens. */
export interface Continuation extends EncodedText {
  /** Tokens of the prompt: those from here on are scored. */
  readonly cut: number;
  /** UTF-8 bytes of the scored tokens. */
  readonly byteLength: number;
}

/**
 * Tokens of prompts with each of their continuations, without BOS. The boundary is lm-evaluation-harness's
 * (`_encode_pair`): white space at the prompt's end counts as the continuation's, both are encoded together, and cut where
 * the prompt alone would end. Where a token reaches across, the continuation begins behind it.
 */
export async function encodeContinuations(tokenizer: Tokenizer, prompts: readonly Prompt[]): Promise<Continuation[][]> {
  const texts = prompts.map(({ prompt, continuations }) => [
    prompt.trimEnd(),
    ...continuations.map((continuation) => prompt + continuation),
  ]);
  const encoded = await tokenizer.encode(texts.flat());
  let next = 0;
  return texts.map(({ length }) => {
    const [head, ...whole] = encoded.slice(next, (next += length));
    return whole.map((text) => cutBehind(head!, text));
  });
}

function cutBehind(head: EncodedText, whole: EncodedText): Continuation {
  const cut = Math.min(whole.tokens.length, head.tokens.length);
  const byteLength =
    whole.byteLengths?.subarray(cut).reduce((sum, length) => sum + length, 0) ?? Buffer.byteLength(whole.text.slice(head.text.length));
  return { ...whole, cut, byteLength };
}
