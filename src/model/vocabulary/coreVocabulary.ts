import { isRecord } from '../../base/json/record.js';

/** A token that the tokenizer looks for in the text before it splits it: special tokens, and words added later. */
export interface AddedToken {
  readonly content: string;
  readonly special: boolean;
  /** The entry as `tokenizer.json` has it, without its id. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** A token as an entry of `added_tokens` has it. */
export function addedToken(content: string, special: boolean): AddedToken {
  return { content, special, entry: { content, single_word: false, lstrip: false, rstrip: false, normalized: false, special } };
}

/** An entry of a list of added tokens; null when it names none. */
export function parseAddedToken(entry: unknown): AddedToken | null {
  if (!isRecord(entry) || typeof entry['content'] !== 'string') return null;
  return { content: entry['content'], special: entry['special'] === true, entry };
}

/** The tokens of a tokenizer's own file, before what other files add. */
export interface CoreVocabulary {
  /** Token to row. Of a spelling that stands twice, the last. */
  readonly words: Map<string, number>;
  /** What the tokenizers library counts as the size: entries, not the largest id. */
  readonly size: number;
  /** Tokens of these words that are special, or searched for before a text is split. */
  readonly added: readonly AddedToken[];
}
