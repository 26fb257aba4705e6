import type { Dtype } from './dtype.js';
import type { Finding } from './finding.js';

/** One stored tensor: where its bytes lie and how to read them. Nothing here has touched the values. */
export interface Tensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Product of `shape`; 1 for a scalar, 0 when any dimension is 0. */
  readonly elementCount: number;
  /** Index into `Checkpoint.shards`. */
  readonly shard: number;
  /** Absolute byte offset in the shard's file. */
  readonly start: number;
  readonly byteLength: number;
}

/** One safetensors file of a checkpoint. */
export interface Shard {
  /** Absolute path, symbolic links not resolved. */
  readonly path: string;
  readonly byteLength: number;
  /** `device:inode` of the file behind any links: equal for hard links and links to one blob. */
  readonly identity: string;
  /** Modification time in milliseconds, to notice a file that changes under a running job. */
  readonly modifiedAt: number;
  /** The header's `__metadata__`; empty when absent. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A model version as named tensors: one safetensors file, or several. Plain data that crosses processes. */
export interface Checkpoint {
  /** Its address (`parseAddress`): opens it again. A file, a folder, or `PATH#PART`, absolute. */
  readonly path: string;
  /** The folder that holds its files, and what describes the model beside them: `config.json`, the tokenizer. */
  readonly folder: string;
  /** Short display name (`titleOf`). */
  readonly name: string;
  readonly shards: readonly Shard[];
  /** In shard order, then in order of their bytes. Names are unique. */
  readonly tensors: readonly Tensor[];
  /** What is odd but does not prevent reading . */
  readonly findings: readonly Finding[];
}

/** Bytes of tensor data, headers not counted. */
export function dataByteLength(checkpoint: Checkpoint): number {
  return checkpoint.tensors.reduce((sum, tensor) => sum + tensor.byteLength, 0);
}
