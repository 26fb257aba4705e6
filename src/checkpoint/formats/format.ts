import type { ByteSource } from '../byteSource.js';
import type { Dtype } from '../dtype.js';
import type { Finding } from '../finding.js';

/** What the bytes of a tensor are, where they are blocks of codes with scales (GGUF). It is listed as bytes: `U8`, in rows of bytes. */
export interface BlockCoding {
  /** As ggml calls it: `Q4_K`. */
  readonly type: string;
  /** Of the values. */
  readonly shape: readonly number[];
}

/** One tensor of a file whose elements lie in order in one run of bytes. */
export interface FileTensor {
  readonly name: string;
  readonly dtype: Dtype;
  /** A dimension above 2^53 can only stand beside a dimension of 0 and is rounded. */
  readonly shape: readonly number[];
  readonly elementCount: number;
  /** A file alone is a checkpoint of one shard, and then has these tensors as they are. */
  readonly shard: 0;
  /** Absolute byte offset in the file. */
  readonly start: number;
  readonly byteLength: number;
  readonly blocks?: BlockCoding;
  /** Another name of the same bytes, which comes first: tied weights in PyTorch files. */
  readonly sharedWith?: string;
}

/** One tensor of a file whose elements lie otherwise: element `i` at `offset + Σ iₐ·stridesₐ` of a run of bytes, in elements. */
export interface FileView {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly elementCount: number;
  readonly strides: readonly number[];
  readonly offset: number;
  /** Absolute byte offset of the run. All elements lie in it. */
  readonly start: number;
  readonly byteLength: number;
}

/** `[start, end)` in bytes. */
export type Span = readonly [start: number, end: number];

/** What one file holds, from its headers alone. Names are unique over tensors and views. */
export interface FileContents {
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[];
  readonly views: readonly FileView[];
  /** Free text that the file carries; empty when the format has none. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Names the header lists more than once, of which the last entry is used. */
  readonly repeatedNames: readonly string[];
  /** What is odd but does not prevent reading. */
  readonly findings: readonly Finding[];
}

export type FormatId = 'safetensors' | 'pytorch' | 'numpy' | 'gguf' | 'distributed';

/**
 * A kind of file that holds tensors. A format is a folder here: how its files are recognised, a strict parser, and its refusals.
 * Readers look at headers only; what they say crosses threads and is trusted by everything above.
 */
export interface Format {
  readonly id: FormatId;
  /** For people. */
  readonly name: string;
  /** What its files' names end with. */
  readonly suffixes: readonly string[];
  /** Whether a file that begins so is of this format. @param start its first `recognisedBytes` bytes, fewer of a shorter file */
  recognises(start: Uint8Array): boolean;
  /** @throws FormatError when the file breaks the format, or holds what has no place in a checkpoint */
  read(source: ByteSource, signal?: AbortSignal, options?: ReadOptions): Promise<FileContents>;
  /** The bytes that say what the file holds, found without reading it all: they change when a tensor is added, moved or renamed. */
  descriptionSpans(source: ByteSource, signal?: AbortSignal): Promise<readonly Span[]>;
}

export interface ReadOptions {
  /** Which of several dictionaries of tensors in a file is meant: keys joined by dots. Only PyTorch files have these. */
  readonly part?: string | null;
}

/** So many bytes at the start of a file decide which format it is. */
export const recognisedBytes = 64;
