import { addedToken, parseAddedToken, type AddedToken, type CoreVocabulary } from './coreVocabulary.js';
import { isTokenId, scanTokenizer, type TokenizerParts } from './scanTokenizer.js';
import { nothingStated, type StatedToken, type StatedTokens } from './statedTokens.js';

/** A token to which a file gives another id than the tokenizers library does. */
export interface DisputedToken {
  readonly content: string;
  readonly file: string;
  readonly stated: number;
  /** The id that a text gets. */
  readonly given: number;
}

/** What was odd about the files of a vocabulary. */
export interface VocabularyOddities {
  readonly disputed: readonly DisputedToken[];
  /** Tokens of an `added_tokens.json` that transformers 5 does not read; they name the rows that the file states. */
  readonly unread: readonly string[];
}

const nothingOdd: VocabularyOddities = { disputed: [], unread: [] };

/** The tokens of a version by their text and by their row in the embedding. */
export class TokenizerVocabulary {
  readonly #tokens: (string | undefined)[] = [];

  constructor(
    readonly idOf: ReadonlyMap<string, number>,
    /** By content. */
    readonly added: ReadonlyMap<string, AddedToken>,
    /** The id that the tokenizers library gives the next added token, whatever the file says: another one after gaps. */
    readonly nextAddedId: number,
    readonly odd: VocabularyOddities = nothingOdd,
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

  /** The same rows under other names. */
  renamed(names: ReadonlyMap<string, string>): TokenizerVocabulary {
    if (names.size === 0) return this;
    const nameOf = (token: string): string => names.get(token) ?? token;
    const idOf = new Map([...this.idOf].map(([token, id]) => [nameOf(token), id]));
    const added = new Map([...this.added].map(([token, entry]) => [nameOf(token), entry]));
    return new TokenizerVocabulary(idOf, added, this.nextAddedId, this.odd);
  }
}

/** What decides about the added tokens of a `tokenizer.json`. */
export interface TokenizerContext {
  readonly stated: StatedTokens;
  /** Whether the library takes words and merges only, and builds the rest anew (`isRebuilt`), given the parts that are no words. */
  readonly isRebuilt: (frame: TokenizerParts['frame']) => boolean;
}

/** The vocabulary of a `tokenizer.json` and what other files add to it. Null when the bytes are not the JSON of a tokenizer. */
export function parseTokenizerVocabulary(
  bytes: Uint8Array,
  { stated, isRebuilt }: TokenizerContext = { stated: nothingStated, isRebuilt: () => false },
): TokenizerVocabulary | null {
  const parts = scanTokenizer(bytes);
  if (parts?.words === null || parts === null) return null;
  const list = Array.isArray(parts.addedTokens) ? (parts.addedTokens as unknown[]) : [];
  const own = list.flatMap((entry): StatedToken[] => {
    const { id, ...rest } = (entry ?? {}) as Record<string, unknown>;
    const token = parseAddedToken(rest);
    return token === null || !isTokenId(id) ? [] : [{ token, id, file: 'tokenizer.json' }];
  });
  return assembleVocabulary({ words: parts.words, size: parts.wordCount, added: [] }, joined(own, stated, isRebuilt(parts.frame)));
}

/**
 * The lists of added tokens as the library joins them. A tokenizer that is built anew takes those of `tokenizer_config.json`, and
 * without that list all others in the order of their ids, where one of `tokenizer.json` replaces what another file has under its id.
 */
function joined(own: readonly StatedToken[], stated: StatedTokens, isRebuilt: boolean): StatedTokens {
  if (isRebuilt && stated.isListed) return { ...stated, unread: [...own, ...stated.unread] };
  const ids = new Set(own.map(({ id }) => id));
  const further = stated.isListed ? stated.read : stated.read.filter(({ id }) => id === null || !ids.has(id));
  if (!isRebuilt) return { ...stated, read: [...own, ...further] };
  const listed = new Map([...stated.read, ...own].filter(({ id }) => id !== null).map((token) => [token.id!, token]));
  const inOrder = [...listed.values()].sort((one, other) => one.id! - other.id!);
  return { ...stated, read: [...inOrder, ...stated.read.filter(({ id }) => id === null)] };
}

/**
 * Gives added tokens the ids that the tokenizers library gives them: a token of the vocabulary keeps its own, every other gets the next
 * one in the order of the list, whatever id a file states (`AddedVocabulary::add_tokens`, tokenizers 0.23).
 */
export function assembleVocabulary({ words: idOf, size, added: own }: CoreVocabulary, { read, unread }: StatedTokens): TokenizerVocabulary {
  const added = new Map(own.map((token) => [token.content, token]));
  const disputed: DisputedToken[] = [];
  let next = own.reduce((largest, { content }) => Math.max(largest, idOf.get(content)! + 1), size);
  for (const { token, id, file } of read) {
    const given = idOf.get(token.content) ?? next;
    added.set(token.content, merged(added.get(token.content), token));
    idOf.set(token.content, given);
    next = Math.max(next, given + 1);
    if (id !== null && id !== given) disputed.push({ content: token.content, file, stated: id, given });
  }
  const taken = new Set(idOf.values());
  const extra = unread.filter(({ token, id }) => !idOf.has(token.content) && !taken.has(id!));
  for (const { token, id } of extra) {
    idOf.set(token.content, id!);
    added.set(token.content, addedToken(token.content, false));
  }
  return new TokenizerVocabulary(idOf, added, next, { disputed, unread: extra.map(({ token }) => token.content) });
}

/** The first file that lists a token says how it is searched for; any may say that it is special. */
function merged(known: AddedToken | undefined, token: AddedToken): AddedToken {
  if (known === undefined) return token;
  return known.special || !token.special ? known : { ...known, special: true, entry: { ...known.entry, special: true } };
}
