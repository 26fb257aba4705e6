import type { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { absentParts } from './loadTokenizer.js';

/** Parts of `tokenizer.json` and `tokenizer_config.json`, parsed. */
export interface TokenizerRoots {
  readonly tokenizer: object;
  readonly config: object;
}

/** Text of each token, as the vocabulary spells it where it is only part of a character; null for ids that are no token. */
export async function nameTokens({ tokenizer, config }: TokenizerRoots, tokens: readonly number[]): Promise<(string | null)[]> {
  const { Tokenizer } = await import('@huggingface/tokenizers'); // on demand: it would cost every start 10 ms
  const library = new Tokenizer({ ...absentParts, ...tokenizer }, config);
  return tokens.map((token) => nameToken(library, token));
}

function nameToken(library: LibraryTokenizer, id: number): string | null {
  const spelled = library.id_to_token(id);
  if (spelled === undefined) return null;
  const text = library.decode([id], { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  return text === '' || text.includes('\uFFFD') ? spelled : text;
}
