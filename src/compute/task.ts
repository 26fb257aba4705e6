import type { Dtype } from '../checkpoint/index.js';
import type { ChunkStatistics } from './kernels.js';

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

/** `count` elements of A and B at the same positions. `b` is null when both are the same bytes of the same file. */
export interface SlicePair {
  readonly a: TensorSlice;
  readonly b: TensorSlice | null;
  readonly count: number;
}

/** Statistics of each pair, in order. The pairs of one task are at most one chunk in all. */
export interface CompareTask {
  readonly kind: 'compare';
  readonly pairs: readonly SlicePair[];
}

/** Row and column sums of Δ² over whole rows of a matrix, for the drill-down of one tensor. */
export interface ProfileTask {
  readonly kind: 'profile';
  readonly pair: SlicePair;
  readonly columnCount: number;
  /** Columns that one cell of the picture covers. */
  readonly columnsPerCell: number;
}

/** Sums over the rows of a `ProfileTask`. Positions where a value is not finite count as unchanged. */
export interface ProfileSums {
  /** Σ Δ² and Σ A² of each row. */
  readonly rowSquaresDelta: Float64Array;
  readonly rowSquaresA: Float64Array;
  /** Σ Δ² of each column over these rows. */
  readonly columnSquaresDelta: Float64Array;
  /** Σ Δ² of each row within each block of `columnsPerCell` columns, row-major. */
  readonly cellSquaresDelta: Float64Array;
}

export type Task = CompareTask | ProfileTask;

/** What a worker answers to each kind of task. */
export interface TaskResults {
  compare: readonly ChunkStatistics[];
  profile: ProfileSums;
}

export type ResultOf<T extends Task> = TaskResults[T['kind']];

export type EngineName = 'simd' | 'gpu';

/** Given to a worker at its start. */
export interface WorkerSettings {
  readonly engine: EngineName;
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
