import { isUtf8 } from 'node:buffer';
import { JsonFault } from '../../base/json/jsonCursor.js';
import { JsonScanner } from '../../base/json/jsonScanner.js';

/** Ids above this are no rows of any model: nothing is set aside for them. */
const largestId = 1 << 24;

/** The parts of a `tokenizer.json` that say which tokens there are. */
export interface TokenizerParts {
  /** Token to id; null when the model has no readable vocabulary. */
  readonly words: Map<string, number> | null;
  /** The parsed list; undefined when there is none. */
  readonly addedTokens: unknown;
  /** Byte offset of the bracket that closes that list; null when there is none. */
  readonly addedTokensEnd: number | null;
}

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
  let words: TokenizerParts['words'] = null;
  let added = text.subarray(0, 0);
  scanner.readObject((key) => {
    if (key === 'model' && scanner.isAtObject()) words = scanModel(scanner);
    else if (key === 'added_tokens' && scanner.isAtArray()) added = spanOf(scanner, text);
    else scanner.skipValue();
  });
  if (added.byteLength === 0) return { words, addedTokens: undefined, addedTokensEnd: null };
  return {
    words,
    addedTokens: JSON.parse(added.toString('utf8')),
    addedTokensEnd: added.byteOffset - text.byteOffset + added.lastIndexOf(']'),
  };
}

function spanOf(scanner: JsonScanner, text: Buffer): Buffer {
  const start = scanner.nextPosition;
  scanner.skipValue();
  return text.subarray(start, text.lastIndexOf(']', scanner.nextPosition) + 1);
}

function scanModel(scanner: JsonScanner): Map<string, number> | null {
  let words: Map<string, number> | null = null;
  scanner.readObject((key) => {
    if (key !== 'vocab') scanner.skipValue();
    else if (scanner.isAtObject()) words = scanIds(scanner);
    else if (scanner.isAtArray()) words = scanScored(scanner);
    else scanner.skipValue();
  });
  return words;
}

/** BPE, WordPiece and WordLevel map words to ids. */
function scanIds(scanner: JsonScanner): Map<string, number> {
  const words = new Map<string, number>();
  scanner.readObject((word) => {
    const id = scanner.readUnsigned();
    if (isTokenId(id)) words.set(word, id);
  });
  return words;
}

/** Unigram lists `[word, score]` in the order of ids. */
function scanScored(scanner: JsonScanner): Map<string, number> {
  const words = new Map<string, number>();
  scanner.readArray((id) => {
    scanner.readArray((place) => {
      if (place === 0) words.set(scanner.readString(), id);
      else scanner.skipValue();
    });
  });
  return words;
}

/** Whether a value can be the id of a token: the number of a row. */
export function isTokenId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= largestId;
}
