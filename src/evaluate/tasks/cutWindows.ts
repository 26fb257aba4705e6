import type { TokenSequence } from './task.js';
import type { WindowSize } from './windowSize.js';

/** A window of running text. */
export interface TextWindow extends TokenSequence {
  /** The text's tokens that are scored here: from this index up to `end`. */
  readonly first: number;
  readonly end: number;
}

/**
 * Cuts a text into windows so that every token is scored exactly once. A window is a leading token, tokens that were
 * scored before and are read again (`window − 1 − stride`; none in the first window), and up to `stride` new tokens
 * (`window − 1` in the first). The leading token is BOS where there is one; else it is the text's token before, and the
 * very first token, which has none before it, is not scored.
 */
export function cutWindows(text: Uint32Array, bosToken: number | null, { window, stride }: WindowSize): TextWindow[] {
  const windows: TextWindow[] = [];
  const reread = window - 1 - stride;
  for (let first = bosToken === null ? 1 : 0; first < text.length;) {
    const isFirst = windows.length === 0;
    const end = Math.min(text.length, first + (isFirst ? window - 1 : stride));
    const context = isFirst ? 0 : reread;
    windows.push({ tokens: withLead(text, first - context, end, bosToken), firstScored: 1 + context, first, end });
    first = end;
  }
  return windows;
}

/** Tokens `[start, end)` of a text, after BOS or the token before. */
function withLead(text: Uint32Array, start: number, end: number, bosToken: number | null): Uint32Array {
  if (bosToken === null) return text.slice(start - 1, end);
  const tokens = new Uint32Array(1 + end - start);
  tokens[0] = bosToken;
  tokens.set(text.subarray(start, end), 1);
  return tokens;
}
