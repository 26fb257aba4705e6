import type { FormatFault } from '../../base/formatError.js';
import type { TokenizerFiles } from './loadTokenizer.js';
import type { TokenizerRoots } from './nameTokens.js';
import type { EncodedText, TokenizerFacts } from './tokenizer.js';

/** What a tokenizer's thread is asked to do. `tokenizer` is the number that loading it gave. */
export type TokenizerRequest =
  | { readonly kind: 'load'; readonly files: TokenizerFiles }
  | { readonly kind: 'encode'; readonly tokenizer: number; readonly texts: readonly string[] }
  | { readonly kind: 'spell'; readonly tokenizer: number; readonly token: number }
  | { readonly kind: 'name'; readonly roots: TokenizerRoots; readonly tokens: readonly number[] };

export interface TokenizerResults {
  load: { readonly tokenizer: number; readonly facts: TokenizerFacts };
  /** Without the texts, which the asker has. */
  encode: readonly Omit<EncodedText, 'text'>[];
  spell: string;
  name: readonly (string | null)[];
}

export interface TokenizerMessage {
  readonly id: number;
  readonly request: TokenizerRequest;
}

export type TokenizerAnswer =
  | { readonly kind: 'result'; readonly id: number; readonly result: TokenizerResults[TokenizerRequest['kind']] }
  /** `fault` of a FormatError; null for any other error. */
  | { readonly kind: 'failure'; readonly id: number; readonly fault: FormatFault | null; readonly message: string };
