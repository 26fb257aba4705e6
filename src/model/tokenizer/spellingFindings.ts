import type { Finding } from '../../checkpoint/index.js';
import { tokenByteLengths } from './tokenByteLengths.js';
import type { Tokenizer } from './tokenizer.js';
import { formatCount } from '../../base/format.js';

/** A text and the tokens it was turned into. */
export interface EncodedText {
  readonly text: string;
  readonly tokens: Uint32Array;
}

/**
 * Whether the tokens say what the texts say: what is unknown to the vocabulary, and whether the tokens spell the text
 * again, white space, letter case and compatibility forms (NFKC) aside, which tokenizers may unify.
 */
export function spellingFindings(tokenizer: Tokenizer, texts: readonly EncodedText[], file: string): Finding[] {
  const unknown = texts.reduce((sum, { tokens }) => sum + tokens.filter((token) => token === tokenizer.unknownToken).length, 0);
  const total = texts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (unknown > 0) {
    const message = `${formatCount(unknown)} of ${formatCount(total)} tokens stand for text that the vocabulary lacks: what the models think of it is not measured.`;
    return [{ severity: 'warning', code: 'unknown-tokens', message, file }];
  }
  const lost = texts.find((encoded) => !isSpelledOut(tokenizer, encoded));
  if (lost === undefined) return [];
  const message = `The tokens of ${tokenizer.file} do not spell the text again: a part of it is lost or changed, and is not scored as it is written. Check that the tokenizer belongs to the models.`;
  return [{ severity: 'warning', code: 'text-not-spelled', message, file }];
}

function isSpelledOut(tokenizer: Tokenizer, { text, tokens }: EncodedText): boolean {
  if (tokenByteLengths(tokenizer, text, tokens) !== null) return true;
  const spelled = Buffer.concat(Array.from(tokens, (token) => tokenizer.bytesOf(token))).toString('utf8');
  return unified(spelled) === unified(text);
}

function unified(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');
}
