import { join } from 'node:path';
import { FormatError } from '../../base/formatError.js';
import { parseJsonObject } from '../../base/json/readJson.js';
import type { CompanionReader } from '../../checkpoint/index.js';
import { isTokenId, scanTokenizer } from './scanTokenizer.js';

/** A token that the tokenizer looks for in the text before it splits it: special tokens, and words added later. */
export interface AddedToken {
  readonly content: string;
  readonly special: boolean;
  /** The entry as `tokenizer.json` has it, without its id. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The tokens of a `tokenizer.json` by their text and by their row in the embedding. */
export class TokenizerVocabulary {
  readonly #tokens: (string | undefined)[] = [];

  constructor(
    readonly idOf: ReadonlyMap<string, number>,
    /** By content. */
    readonly added: ReadonlyMap<string, AddedToken>,
    /** The id that the tokenizers library gives the next added token, whatever the file says: another one after gaps. */
    readonly nextAddedId: number,
  ) {
    for (const [token, id] of idOf) this.#tokens[id] = token;
  }

  /** The id behind the last. */
  get nextId(): number {
    return this.#tokens.length;
  }

  tokenOf(id: number): string | null {
    return this.#tokens[id] ?? null;
  }

  /** In the order of their rows. */
  *tokens(): Generator<{ readonly id: number; readonly token: string }> {
    for (const [id, token] of this.#tokens.entries()) if (token !== undefined) yield { id, token };
  }
}

/** Reads vocabularies one after another, and equal files once: the files are large, and versions often share one. */
export class VocabularyReader {
  readonly #known = new Map<string, TokenizerVocabulary>();

  constructor(private readonly companions: CompanionReader) {}

  /**
   * The vocabulary of the `tokenizer.json` in a folder, from its `model.vocab` and `added_tokens`; nothing is tokenized.
   * @returns null when there is none
   * @throws FileAccessError, FormatError when it is there and no vocabulary can be read from it
   */
  async read(folder: string): Promise<TokenizerVocabulary | null> {
    const file = join(folder, 'tokenizer.json');
    const bytes = await this.companions.bytes(file);
    if (bytes === null) return null;
    const digest = this.companions.sha256(file, bytes);
    const vocabulary = this.#known.get(digest) ?? parseTokenizerVocabulary(bytes) ?? refuse(file, bytes);
    this.#known.set(digest, vocabulary);
    return vocabulary;
  }
}

function refuse(file: string, bytes: Buffer): never {
  parseJsonObject(file, bytes);
  throw new FormatError({
    file,
    problem: 'no vocabulary can be read from it',
    expected: 'a tokenizer of the tokenizers library, with "model": {"vocab": …}',
    remedy: 'Download it again. If it belongs to another library, move it away: rows are then matched by index.',
  });
}

/** The vocabulary of a `tokenizer.json` from its bytes. Null when they are not the JSON of a tokenizer. */
export function parseTokenizerVocabulary(bytes: Uint8Array): TokenizerVocabulary | null {
  const parts = scanTokenizer(bytes);
  if (parts?.words === null || parts === null) return null;
  const added = addedTokensOf(parts.addedTokens);
  const lastAdded = added.reduce((largest, { id }) => Math.max(largest, id), -1);
  const nextAddedId = Math.max(parts.words.size, lastAdded + 1);
  const idOf = parts.words;
  for (const { token, id } of added) idOf.set(token.content, id);
  return new TokenizerVocabulary(idOf, new Map(added.map(({ token }) => [token.content, token])), nextAddedId);
}

function addedTokensOf(list: unknown): { readonly token: AddedToken; readonly id: number }[] {
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  return entries.flatMap(({ id, ...entry }) => {
    const content = entry['content'];
    if (typeof content !== 'string' || !isTokenId(id)) return [];
    return [{ token: { content, special: entry['special'] === true, entry }, id }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
