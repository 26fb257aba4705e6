import type { Finding } from '../../checkpoint/index.js';

/** A text and the tokens it was turned into. */
export interface EncodedText {
  readonly text: string;
  /** Ids without special tokens of the tokenizer's own at either end; those that the text spells out are read as such. */
  readonly tokens: Uint32Array;
  /** UTF-8 bytes of the text that each token stands for; null where the tokens do not spell the text byte for byte. */
  readonly byteLengths: Uint32Array | null;
  /** Whether the tokens spell the text again, white space, letter case and compatibility forms (NFKC) aside. */
  readonly isSpelled: boolean;
}

/** What there is to know of a tokenizer before it is given a text. */
export interface TokenizerFacts {
  /** Its `tokenizer.json`, for messages. */
  readonly file: string;
  /** SHA-256 of the text of `tokenizer.json`, hexadecimal. */
  readonly hash: string;
  /** Token that stands before every text; null where texts begin without one. See `chooseBosToken`. */
  readonly bosToken: number | null;
  /** Why, as a clause. */
  readonly bosReason: string;
  /** Token that stands for what the vocabulary lacks; null where there is none. */
  readonly unknownToken: number | null;
  /** What of the tokenizer is missing here or is not done as the Rust library does it. */
  readonly findings: readonly Finding[];
}

/** Turns text into the tokens of a model, in a thread of its own (`TokenizerThread`). */
export interface Tokenizer extends TokenizerFacts {
  /** @throws FormatError when a token of a text has no id */
  readonly encode: (texts: readonly string[]) => Promise<EncodedText[]>;
  /** What a token stands for, as text. */
  readonly spell: (token: number) => Promise<string>;
}

/** A tokenizer in the thread that runs it. */
export interface LoadedTokenizer extends TokenizerFacts {
  /** As `EncodedText.tokens`. @throws FormatError when a token of the text has no id */
  readonly encode: (text: string) => Uint32Array;
  /** UTF-8 bytes that a token stands for where it is not the first of a text. */
  readonly bytesOf: (token: number) => Uint8Array;
}
