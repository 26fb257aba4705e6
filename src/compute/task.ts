import { bitsOf, type Dtype } from '../checkpoint/index.js';
import type { Recipe } from '../model/recipe/index.js';
import type { StorageDtype, WeightedStep } from './combination.js';
import type { RowSquares } from './largestRows.js';
import type { SpreadCounts, SpreadSpans } from './spread.js';
import type { PackedStatistics } from './packedStatistics.js';

/** A file as it was when its header was read: a worker refuses to read it once it differs. */
export interface FileVersion {
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedAt: number;
}

/** Some elements of one stored tensor. */
export interface TensorSlice {
  readonly file: FileVersion;
  /** Name of the tensor, for messages. */
  readonly tensor: string;
  readonly dtype: Dtype;
  /** Absolute byte offset in the file. */
  readonly start: number;
  readonly byteLength: number;
}

/** Some elements of a parameter whose values are computed of stored tensors. */
export interface RecipeSlice {
  readonly recipe: Recipe;
  /** Files of the recipe's tensors, by their `shard`. */
  readonly files: Readonly<Record<number, FileVersion>>;
  /** Name of the parameter, for messages. */
  readonly tensor: string;
  /** What the values are handed on as: `valueDtype` of the recipe. */
  readonly dtype: 'F32' | 'F64';
  /** Number of the slice's first element. */
  readonly first: number;
  readonly byteLength: number;
}

/** Some elements of a parameter, as a worker gets them into its memory. */
export type ValueSlice = TensorSlice | RecipeSlice;

/** Elements `[first, first + count)` of a slice. */
export function partOfSlice<Slice extends ValueSlice>(slice: Slice, first: number, count: number): Slice {
  const size = bitsOf(slice.dtype) / 8;
  const place = 'recipe' in slice ? { first: slice.first + first } : { start: slice.start + first * size };
  return { ...slice, ...place, byteLength: count * size };
}

/** One slice instead of two, where the second goes on behind the first; else null. */
export function joinSlices(first: ValueSlice, second: ValueSlice): ValueSlice | null {
  const byteLength = first.byteLength + second.byteLength;
  if ('recipe' in first || 'recipe' in second) {
    const isSame = 'recipe' in first && 'recipe' in second && first.recipe === second.recipe && first.files === second.files;
    const follows = isSame && (second.first - first.first) * (bitsOf(first.dtype) / 8) === first.byteLength;
    return follows ? { ...first, byteLength } : null;
  }
  const follows = first.file.path === second.file.path && first.start + first.byteLength === second.start;
  return follows ? { ...first, byteLength } : null;
}

/** Slices with the same key are the same values. */
export function keyOfSlice(slice: ValueSlice): string {
  if ('recipe' in slice) return JSON.stringify(slice);
  return `${slice.file.path}:${slice.start}+${slice.byteLength}`;
}

/** `count` elements of A and B at the same positions. `b` is null when both are the same bytes of the same file. */
export interface SlicePair {
  /** `bytes`: there are no values; what counts is which units of `unitBits` differ. */
  readonly as: 'values' | 'bytes';
  /** Bits of one code where bytes are compared: a power of two. */
  readonly unitBits?: number;
  readonly a: ValueSlice;
  readonly b: ValueSlice | null;
  readonly count: number;
}

/** Of each pair, in order. */
export interface CompareResult {
  readonly statistics: PackedStatistics;
  /** 1 where no value differs and, if both sides are stored alike, no byte. */
  readonly sameBytes: Uint8Array;
}

/** Statistics of each pair, in order. The pairs of one task are at most one chunk in all. */
export interface CompareTask {
  readonly kind: 'compare';
  readonly pairs: readonly SlicePair[];
}

/** A matrix `scale · B · A`. */
export interface ProductMatrix {
  readonly scale: number;
  /** `[rows, rank]`. */
  readonly b: Recipe;
  /** `[rank, columns]`. */
  readonly a: Recipe;
}

/** Matrices of one parameter: one, or one for each expert. */
export interface Products {
  readonly matrices: readonly ProductMatrix[];
  /** Files of the factors, by their tensors' `shard`. */
  readonly files: Readonly<Record<number, FileVersion>>;
}

/** Products of the same shapes. */
export interface ProductPair {
  readonly a: Products;
  readonly b: Products;
}

/** Compares products by their factors. */
export interface ProductTask {
  readonly kind: 'products';
  readonly pair: ProductPair;
}

/** Sums over all values of a pair; Δ = B − A. */
export interface ProductSums {
  readonly sumSquaresA: number;
  readonly sumSquaresB: number;
  readonly sumProducts: number;
  readonly sumSquaresDelta: number;
  /** False when a factor holds NaN or infinities: the sums mean nothing then. */
  readonly isFinite: boolean;
  /** Scales and all values of the factors are equal. */
  readonly sameFactors: boolean;
}

/** A tensor seen as a matrix, and how far its profile is down-sampled. */
export interface ProfileGrid {
  readonly columnCount: number;
  /** Rows and columns that one cell of the picture covers. */
  readonly rowsPerCell: number;
  readonly columnsPerCell: number;
  /** Rows that one entry of the profile of rows stands for. */
  readonly rowsPerEntry: number;
  /** Of the rows that changed most, so many are named. */
  readonly maxRows: number;
}

/** Row and column sums of Δ² over whole rows of a matrix, for the drill-down of one tensor. */
export interface ProfileTask {
  readonly kind: 'profile';
  readonly pair: SlicePair;
  /** Number of the pair's first row in the whole matrix. */
  readonly firstRow: number;
  readonly grid: ProfileGrid;
  /** Where values are counted in linear bins; null: they are not. */
  readonly spans: SpreadSpans | null;
}

export interface ProfileResult {
  readonly sums: ProfileSums;
  readonly spread: SpreadCounts | null;
}

/**
 * Sums over the rows of a `ProfileTask`: their size depends on the grid, not on the number of rows. Positions where a value
 * is not finite count as unchanged.
 */
export interface ProfileSums {
  /** Σ Δ² of each entry's rows; the first entry is the one that holds the first row. */
  readonly entrySquaresDelta: Float64Array;
  /** Σ Δ² of each column over these rows. */
  readonly columnSquaresDelta: Float64Array;
  /** Σ Δ² of each cell over these rows, row-major; the first line of cells is the one that holds the first row. */
  readonly cellSquaresDelta: Float64Array;
  /** The rows with the largest Σ Δ², largest first. */
  readonly largestRows: readonly RowSquares[];
}

/** Bytes of a source, and where in the input's buffer they go. */
export interface PlacedSlice {
  readonly slice: ValueSlice;
  readonly at: number;
}

/** One input of a chunk: its buffer holds as many elements as the chunk, zeros where no slice goes. */
export interface ChunkInput {
  readonly dtype: Dtype;
  readonly byteLength: number;
  readonly slices: readonly PlacedSlice[];
}

/** What happens to elements `[first, first + count)` of a chunk. Copied values are converted where the dtypes differ. */
export type ChunkSegment =
  | { readonly kind: 'combine'; readonly first: number; readonly count: number; readonly steps: readonly WeightedStep[] }
  | { readonly kind: 'copy'; readonly first: number; readonly count: number; readonly input: number }
  | { readonly kind: 'zeros'; readonly first: number; readonly count: number };

/** At most `hashChunkByteLength` bytes of one output tensor, which are computed, hashed and written at once. */
export interface OutputChunk {
  readonly tensor: string;
  readonly dtype: Dtype;
  readonly path: string;
  /** Absolute byte offset in the output file. */
  readonly start: number;
  readonly byteLength: number;
  readonly inputs: readonly ChunkInput[];
  /** Null: the bytes of the only input as they are. */
  readonly segments: readonly ChunkSegment[] | null;
}

/** Computes chunks of an output and writes them, or checks that the file holds them already. */
export interface CombineTask {
  readonly kind: 'combine';
  readonly mode: 'write' | 'check';
  readonly chunks: readonly OutputChunk[];
}

/** One entry per chunk, in order. */
export interface CombineResult {
  /** XXH3-128 of the computed bytes, 16 bytes each. */
  readonly hashes: Uint8Array;
  /** The sums of each chunk in the order of `roundingFields`. */
  readonly rounding: Float64Array;
  /** When checking: elements of the file whose bytes are others. */
  readonly differing: Float64Array;
}

/** XXH3-128 of ranges of at most `hashChunkByteLength` bytes. */
export interface HashTask {
  readonly kind: 'hash';
  readonly ranges: readonly TensorSlice[];
}

/** Reads raw inputs into the worker's memory, in place of those that it held: the tasks that form of them have to go there. */
export interface LoadTask {
  readonly kind: 'load';
  readonly inputs: readonly ChunkInput[];
}

/**
 * `count` values of a combination to be formed as float32, without storing them. The segments cover all of them.
 *
 * `rounded`: the values that a checkpoint saved as `storage` would hold, widened to float32 (those of F64 rounded to
 * it); else float64 arithmetic rounded to float32 once. Any NaN comes out as the quiet one of positive sign.
 */
export interface ValuesToForm {
  /** Which of the inputs that the worker holds the segments' inputs are; each has as many elements as are formed. */
  readonly inputs: readonly number[];
  readonly segments: readonly ChunkSegment[];
  readonly count: number;
  readonly storage: StorageDtype;
  readonly rounded: boolean;
  /** At least four bytes a value. Goes to the worker, detached here, and comes back with the result. */
  readonly into: ArrayBuffer;
}

/** Forms values, one tensor or block after the other. */
export interface FormTask {
  readonly kind: 'form';
  readonly parts: readonly ValuesToForm[];
}

export interface FormedValues {
  /** The part's `into`, with `count` float32 at its start. */
  readonly values: ArrayBuffer;
  /** How many of them are NaN or infinite. */
  readonly nonFinite: number;
}

export type Task = CompareTask | ProductTask | ProfileTask | CombineTask | HashTask | LoadTask | FormTask;

/** Buffers that move to the worker with a task, and back with its result, instead of being copied. */
export function buffersOf(task: Task): ArrayBuffer[] {
  return task.kind === 'form' ? task.parts.map(({ into }) => into) : [];
}

/** What a worker answers to each kind of task. */
export interface TaskResults {
  compare: CompareResult;
  products: ProductSums;
  profile: ProfileResult;
  combine: CombineResult;
  /** 16 bytes for each range. */
  hash: Uint8Array;
  /** Bytes read. */
  load: number;
  /** Of each part. */
  form: readonly FormedValues[];
}

export type ResultOf<T extends Task> = TaskResults[T['kind']];

export type EngineName = 'simd' | 'gpu';

/** Given to a worker at its start. */
export interface WorkerSettings {
  readonly engine: EngineName;
  /** Input files that it keeps open. */
  readonly maxOpenFiles: number;
}

export interface TaskMessage {
  readonly id: number;
  readonly task: Task;
}

/** An error in a form that crosses threads. */
export interface TaskFailure {
  readonly name: string;
  readonly message: string;
}

export type WorkerMessage =
  | { readonly kind: 'ready'; readonly detail: string }
  | { readonly kind: 'result'; readonly id: number; readonly result: TaskResults[Task['kind']] }
  | { readonly kind: 'failure'; readonly id: number | null; readonly failure: TaskFailure };
