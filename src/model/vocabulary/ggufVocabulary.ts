import { FileByteSource, readGgufArray } from '../../checkpoint/index.js';
import { addedToken, type CoreVocabulary } from './coreVocabulary.js';

/** `tokenizer.ggml.token_type`. Source: `TokenType` of the Python package gguf 0.19. */
const control = 3;
const userDefined = 4;
const unused = 5;

/**
 * The tokens of a GGUF file, in the order of their rows, spelled as the tokenizer's own file has them. Rows that converters only
 * filled up (`[PAD151936]`) are no tokens.
 * @returns null where the file has none
 * @throws FormatError, FileAccessError
 */
export async function readGgufVocabulary(path: string): Promise<CoreVocabulary | null> {
  const source = await FileByteSource.open(path);
  try {
    const tokens = await readGgufArray(source, 'tokenizer.ggml.tokens');
    const types = await readGgufArray(source, 'tokenizer.ggml.token_type');
    return tokens === null ? null : vocabularyOf(tokens.map(String), types ?? []);
  } finally {
    await source.close();
  }
}

function vocabularyOf(tokens: readonly string[], types: readonly (string | number)[]): CoreVocabulary {
  const isFiller = (token: string, row: number): boolean => types[row] === unused && /^\[PAD-?\d+\]$/.test(token);
  const words = new Map(tokens.flatMap((token, row): [string, number][] => (isFiller(token, row) ? [] : [[token, row]])));
  const added = [...words].flatMap(([token, row]) =>
    types[row] === control || types[row] === userDefined ? [addedToken(token, types[row] === control)] : [],
  );
  return { words, size: tokens.length, added };
}
