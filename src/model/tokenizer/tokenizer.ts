import type { Finding } from '../../checkpoint/index.js';

/** Turns text into the tokens of a model. */
export interface Tokenizer {
  /** Its `tokenizer.json`, for messages. */
  readonly file: string;
  /** SHA-256 of the text of `tokenizer.json`, hexadecimal. */
  readonly hash: string;
  /** Token that stands before every text; null where texts begin without one. See `findBosToken`. */
  readonly bosToken: number | null;
  /** Token that stands for what the vocabulary lacks; null where there is none. */
  readonly unknownToken: number | null;
  /** What of the tokenizer is missing here or is not done as the Rust library does it. */
  readonly findings: readonly Finding[];
  /**
   * Ids of a text, without special tokens of its own at either end; those that the text spells out are read as such.
   * @throws FormatError when a token of the text has no id
   */
  readonly encode: (text: string) => Uint32Array;
  /** UTF-8 bytes that a token stands for where it is not the first of a text. */
  readonly bytesOf: (token: number) => Uint8Array;
}
