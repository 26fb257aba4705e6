import { tokenByteLengths } from './tokenByteLengths.js';
import type { EncodedText, LoadedTokenizer } from './tokenizer.js';

/** A text in tokens, and whether they say what it says. @throws FormatError when a token of the text has no id */
export function encodeText(tokenizer: LoadedTokenizer, text: string): EncodedText {
  const tokens = tokenizer.encode(text);
  const byteLengths = tokenByteLengths(tokenizer, text, tokens);
  return { text, tokens, byteLengths, isSpelled: byteLengths !== null || unified(spell(tokenizer, tokens)) === unified(text) };
}

/** What tokens stand for, as text. */
export function spell({ bytesOf }: LoadedTokenizer, tokens: Uint32Array): string {
  return Buffer.concat(Array.from(tokens, bytesOf)).toString('utf8');
}

function unified(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');
}
