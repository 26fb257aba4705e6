import type { Finding } from '../../checkpoint/index.js';
import type { EncodedText, TokenizerFacts } from './tokenizer.js';
import { formatCount } from '../../base/format.js';

/** What is unknown to the vocabulary of some texts, or else whether the tokens spell them again. */
export function spellingFindings(tokenizer: TokenizerFacts, texts: readonly EncodedText[], file: string): Finding[] {
  const unknown = texts.reduce((sum, { tokens }) => sum + tokens.filter((token) => token === tokenizer.unknownToken).length, 0);
  const total = texts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (unknown > 0) {
    const message = `${formatCount(unknown)} of ${formatCount(total)} tokens stand for text that the vocabulary lacks: what the models think of it is not measured.`;
    return [{ severity: 'warning', code: 'unknown-tokens', message, file }];
  }
  if (texts.every(({ isSpelled }) => isSpelled)) return [];
  const message = `The tokens of ${tokenizer.file} do not spell the text again: a part of it is lost or changed, and is not scored as it is written. Check that the tokenizer belongs to the models.`;
  return [{ severity: 'warning', code: 'text-not-spelled', message, file }];
}
