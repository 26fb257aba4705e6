import type { DeltaStatistics } from './statistics.js';

/** A row of a tensor that changed much. */
export interface ChangedRow {
  readonly row: number;
  readonly normDelta: number;
  /** ‖Δ‖ / ‖A‖ of this row; Infinity where the row of A is 0. */
  readonly relativeChange: number;
  /** The token of this row, when the tensor is an embedding and a tokenizer lies beside the weights. */
  readonly token: string | null;
}

/** A picture of Δ, down-sampled to blocks: each cell holds the root mean square of Δ over its block. */
export interface DeltaPicture {
  readonly height: number;
  readonly width: number;
  /** Rows and columns of the tensor (all leading dimensions folded into rows). */
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row-major, `height × width`. */
  readonly cells: readonly number[];
}

/**
 * How values are spread, in equal bins between −span and span: each list begins with what lies below and ends with what lies
 * above. Weights that did not change are in none of Δ's bins.
 */
export interface ValueSpread {
  readonly deltaSpan: number;
  readonly valueSpan: number;
  readonly delta: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Everything the drill-down of one tensor shows. The tensor is seen as a matrix: last dimension columns, the rest rows. */
export interface TensorDetail {
  readonly name: string;
  readonly shape: readonly number[];
  readonly statistics: DeltaStatistics;
  /** ‖Δ‖ of each row; of blocks of rows where there are more than `2048`. */
  readonly rowNorms: readonly number[];
  readonly columnNorms: readonly number[];
  /** Rows (columns) that one entry of `rowNorms` (`columnNorms`) stands for; 1 unless down-sampled. */
  readonly rowsPerEntry: number;
  readonly columnsPerEntry: number;
  /** At most 100, most changed first. */
  readonly changedRows: readonly ChangedRow[];
  readonly picture: DeltaPicture;
  /** Null where nobody said how far the bins are to reach. */
  readonly spread: ValueSpread | null;
}
