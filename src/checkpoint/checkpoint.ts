import type { Dtype } from './dtype.js';
import type { BlockCoding, FormatId } from './formats/format.js';
import type { Finding } from './finding.js';

/** What is listed of a tensor, however it lies. Nothing here has touched the values. */
export interface TensorListing {
  readonly name: string;
  /** A `Dtype`, or what blocks of codes are called: `Q4_K`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Product of `shape`; 1 for a scalar, 0 when any dimension is 0. */
  readonly elementCount: number;
  /** Index into `Checkpoint.shards`; of what lies in several, the first. */
  readonly shard: number;
  readonly byteLength: number;
}

/** One stored tensor: where its bytes lie and how to read them. Its elements lie in order, one after the other. */
export interface Tensor extends TensorListing {
  readonly dtype: Dtype;
  /** Absolute byte offset in the shard's file. */
  readonly start: number;
  /** Present where the bytes are blocks of codes, whatever `dtype` and `shape` they are listed as. */
  readonly blocks?: BlockCoding;
  /** Another name of the same bytes, as tied weights have in PyTorch files: they are one parameter. */
  readonly sharedWith?: string;
}

/** A tensor whose elements lie otherwise: a view with strides of a run of bytes, or pieces in several places. */
export interface ScatteredTensor extends TensorListing {
  readonly dtype: Dtype;
  readonly layout: TensorLayout;
}

/** Where the elements of a tensor lie. These are recipes of `model/recipe`, the only ones that files themselves state. */
export type TensorLayout = StoredLayout | StridedLayout | ConcatenatedLayout;

/** In order, one after the other. */
export interface StoredLayout {
  readonly kind: 'stored';
  readonly tensor: Tensor;
}

/** Element `i` at `offset + Σ iₐ·stridesₐ` of a run of bytes, in elements; all of them lie in it. */
export interface StridedLayout {
  readonly kind: 'strided';
  /** The run, as a tensor of one dimension. */
  readonly tensor: Tensor;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Pieces behind each other along an axis. */
export interface ConcatenatedLayout {
  readonly kind: 'concatenation';
  readonly axis: number;
  readonly of: readonly TensorLayout[];
}

/** One file of a checkpoint. */
export interface Shard {
  /** Absolute path, symbolic links not resolved. */
  readonly path: string;
  readonly format: FormatId;
  readonly byteLength: number;
  /** `device:inode` of the file behind any links: equal for hard links and links to one blob. */
  readonly identity: string;
  /** Modification time in milliseconds, to notice a file that changes under a running job. */
  readonly modifiedAt: number;
  /** The header's `__metadata__` of safetensors, keys and values of GGUF; empty when absent, and for formats without such. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A model version as named tensors: one file of any format that is read, or several. Plain data that crosses processes. */
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
  /** What lies otherwise. Names are unique over `tensors` and these. */
  readonly scattered: readonly ScatteredTensor[];
  /** What is odd but does not prevent reading. */
  readonly findings: readonly Finding[];
}

/** Whether a tensor's elements lie in order, one after the other. */
export function isStored(tensor: TensorListing): tensor is Tensor {
  return 'start' in tensor;
}

/** Every tensor, however it lies; blocks of codes by their type, and the shape of their values. */
export function listTensors({ tensors, scattered }: Pick<Checkpoint, 'tensors' | 'scattered'>): readonly TensorListing[] {
  const listed = tensors.some(({ blocks }) => blocks !== undefined) ? tensors.map(listTensor) : tensors;
  return scattered.length === 0 ? listed : [...listed, ...scattered];
}

function listTensor(tensor: Tensor): TensorListing {
  if (tensor.blocks === undefined) return tensor;
  const { type, shape } = tensor.blocks;
  return { ...tensor, dtype: type, shape, elementCount: shape.reduce((product, size) => product * size, 1) };
}

/** The runs of bytes that a layout reads, in order. */
export function runsOf(layout: TensorLayout): readonly Tensor[] {
  return layout.kind === 'concatenation' ? layout.of.flatMap(runsOf) : [layout.tensor];
}

/** Bytes of tensor data, headers not counted, and what several names share once. */
export function dataByteLength(checkpoint: Checkpoint): number {
  return listTensors(checkpoint).reduce(
    (sum, tensor) => sum + (isStored(tensor) && tensor.sharedWith !== undefined ? 0 : tensor.byteLength),
    0,
  );
}
