import { isUtf8 } from 'node:buffer';
import { JsonFault } from '../../base/json/jsonCursor.js';
import { JsonScanner } from '../../base/json/jsonScanner.js';

/** Ids above this are no rows of any model: nothing is set aside for them. */
const largestId = 1 << 24;

/** The parts of a `tokenizer.json` that say which tokens there are. */
export interface TokenizerParts {
  /** Token to id; null when the model has no readable vocabulary. */
  readonly words: Map<string, number> | null;
  /** Entries of the vocabulary: the size, as the tokenizers library counts it. */
  readonly wordCount: number;
  /** Byte offset of the brace or bracket that closes the vocabulary. */
  readonly wordsEnd: number;
  /** The parsed list; undefined when there is none. */
  readonly addedTokens: unknown;
  /** Byte offsets of that list's brackets; null when there is none. */
  readonly addedTokensAt: { readonly start: number; readonly end: number } | null;
  /** The parsed parts that say how texts are normalised and split and what is put around them, by their names. */
  readonly frame: Readonly<Record<string, unknown>>;
}

const frameNames: ReadonlySet<string> = new Set(['normalizer', 'pre_tokenizer', 'post_processor', 'decoder']);

/**
 * Reads just these parts: tokenizers of large vocabularies have hundreds of thousands of merge rules, which as objects
 * would take ten times the memory of the file.
 * @returns null when the bytes are not the JSON of an object
 */
export function scanTokenizer(bytes: Uint8Array): TokenizerParts | null {
  if (!isUtf8(bytes)) return null;
  try {
    return scanRoot(new JsonScanner(bytes), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof JsonFault) return null;
    throw error;
  }
}

function scanRoot(scanner: JsonScanner, text: Buffer): TokenizerParts {
  let words: Words = noWords;
  let addedTokensAt: TokenizerParts['addedTokensAt'] = null;
  const frame: Record<string, unknown> = {};
  scanner.readObject((key) => {
    if (key === 'model' && scanner.isAtObject()) words = scanModel(scanner);
    else if (key === 'added_tokens' && scanner.isAtArray()) addedTokensAt = spanOf(scanner, text);
    else if (frameNames.has(key)) frame[key] = parseValue(scanner, text);
    else scanner.skipValue();
  });
  return { ...words, addedTokensAt, addedTokens: listAt(text, addedTokensAt), frame };
}

function parseValue(scanner: JsonScanner, text: Buffer): unknown {
  const start = scanner.nextPosition;
  scanner.skipValue();
  return JSON.parse(text.toString('utf8', start, scanner.position));
}

function listAt(text: Buffer, span: TokenizerParts['addedTokensAt']): unknown {
  return span === null ? undefined : JSON.parse(text.toString('utf8', span.start, span.end + 1));
}

function spanOf(scanner: JsonScanner, text: Buffer): NonNullable<TokenizerParts['addedTokensAt']> {
  const start = scanner.nextPosition;
  scanner.skipValue();
  return { start, end: text.lastIndexOf(']', scanner.position - 1) };
}

type Words = Pick<TokenizerParts, 'words' | 'wordCount' | 'wordsEnd'>;

const noWords: Words = { words: null, wordCount: 0, wordsEnd: 0 };

function scanModel(scanner: JsonScanner): Words {
  let found: Words = noWords;
  scanner.readObject((key) => {
    if (key !== 'vocab') scanner.skipValue();
    else if (scanner.isAtObject()) found = { ...scanIds(scanner), wordsEnd: scanner.position - 1 };
    else if (scanner.isAtArray()) found = { ...scanScored(scanner), wordsEnd: scanner.position - 1 };
    else scanner.skipValue();
  });
  return found;
}

/** What `scanFrame` reads. */
export type TokenizerFrame = Pick<TokenizerParts, 'frame' | 'addedTokens'>;

/** Thrown to leave a scan: the words, which are most of the file, are not wanted. */
class Enough extends Error {}

/** The parts of a `tokenizer.json` without its words. As it is usually written they come first, and the rest is not looked at. */
export function scanFrame(bytes: Uint8Array): TokenizerFrame | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scanner = new JsonScanner(bytes);
  const frame: Record<string, unknown> = {};
  let span: TokenizerParts['addedTokensAt'] = null;
  try {
    scanner.readObject((key) => {
      if (key === 'model' && span !== null && 'post_processor' in frame && 'decoder' in frame) throw new Enough();
      if (key === 'added_tokens' && scanner.isAtArray()) span = spanOf(scanner, text);
      else if (frameNames.has(key)) frame[key] = parseValue(scanner, text);
      else scanner.skipValue();
    });
  } catch (error) {
    if (error instanceof JsonFault) return null;
    if (!(error instanceof Enough)) throw error;
  }
  return { frame, addedTokens: listAt(text, span) };
}

/** BPE, WordPiece and WordLevel map words to ids. */
function scanIds(scanner: JsonScanner): Omit<Words, 'wordsEnd'> {
  const words = new Map<string, number>();
  scanner.readObject((word) => {
    const id = scanner.readUnsigned();
    if (isTokenId(id)) words.set(word, id);
  });
  return { words, wordCount: words.size };
}

/** Unigram lists `[word, score]` in the order of ids. */
function scanScored(scanner: JsonScanner): Omit<Words, 'wordsEnd'> {
  const words = new Map<string, number>();
  let wordCount = 0;
  scanner.readArray((id) => {
    wordCount = id + 1;
    scanner.readArray((place) => {
      if (place === 0) words.set(scanner.readString(), id);
      else scanner.skipValue();
    });
  });
  return { words, wordCount };
}

/** Whether a value can be the id of a token: the number of a row. */
export function isTokenId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= largestId;
}
