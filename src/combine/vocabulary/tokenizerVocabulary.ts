import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A token that the tokenizer looks for in the text before it splits it: special tokens, and words added later. */
export interface AddedToken {
  readonly content: string;
  readonly special: boolean;
  /** The entry as `tokenizer.json` has it, without its id. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The tokens of a `tokenizer.json` by their text and by their row in the embedding. */
export interface TokenizerVocabulary {
  readonly idOf: ReadonlyMap<string, number>;
  readonly tokenOf: ReadonlyMap<number, string>;
  /** By content. */
  readonly added: ReadonlyMap<string, AddedToken>;
  /** The id behind the last. */
  readonly nextId: number;
  /** The id that the tokenizers library gives the next added token, whatever the file says: another one after gaps. */
  readonly nextAddedId: number;
}

/**
 * The vocabulary of the `tokenizer.json` in a folder, from its `model.vocab` and `added_tokens`; nothing is tokenized.
 * @returns null when there is none, or one whose vocabulary cannot be read
 */
export async function readTokenizerVocabulary(folder: string): Promise<TokenizerVocabulary | null> {
  const text = await readFile(join(folder, 'tokenizer.json'), 'utf8').catch(() => null);
  return text === null ? null : parseTokenizerVocabulary(text);
}

/** The same from the file's text. Null when it is not the JSON of a tokenizer. */
export function parseTokenizerVocabulary(text: string): TokenizerVocabulary | null {
  const root = parseRecord(text);
  const model = root?.['model'];
  const words = isRecord(model) ? wordsOf(model['vocab']) : null;
  if (words === null) return null;
  const added = addedTokensOf(root?.['added_tokens']);
  const idOf = new Map(words);
  for (const { token, id } of added) idOf.set(token.content, id);
  const tokenOf = new Map([...idOf].map(([token, id]) => [id, token]));
  return {
    idOf,
    tokenOf,
    added: new Map(added.map(({ token }) => [token.content, token])),
    nextId: behindLast(idOf.values()),
    nextAddedId: Math.max(words.length, behindLast(added.map(({ id }) => id))),
  };
}

/** BPE, WordPiece and WordLevel map words to ids; Unigram lists `[word, score]` in the order of ids. */
function wordsOf(vocab: unknown): (readonly [string, number])[] | null {
  if (Array.isArray(vocab)) return vocab.flatMap((entry: unknown, id) => (Array.isArray(entry) && typeof entry[0] === 'string' ? [[entry[0], id] as const] : []));
  if (!isRecord(vocab)) return null;
  return Object.entries(vocab).flatMap(([word, id]) => (isId(id) ? [[word, id] as const] : []));
}

function addedTokensOf(list: unknown): { readonly token: AddedToken; readonly id: number }[] {
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  return entries.flatMap(({ id, ...entry }) => {
    const content = entry['content'];
    if (typeof content !== 'string' || !isId(id)) return [];
    return [{ token: { content, special: entry['special'] === true, entry }, id }];
  });
}

function behindLast(ids: Iterable<number>): number {
  let largest = -1;
  for (const id of ids) largest = Math.max(largest, id);
  return largest + 1;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const root: unknown = JSON.parse(text);
    return isRecord(root) ? root : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
