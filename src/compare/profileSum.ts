import { emptySpread, LargestRows, type ProfileGrid, type ProfileResult, type ProfileSums, type SpreadSpans } from '../compute/index.js';
import type { ChangedRow, DeltaPicture, TensorDetail, ValueSpread } from './report/index.js';

/** Most entries of a row or column profile; more would not be seen on a screen. */
const longestProfile = 2048;
const pictureHeight = 192;
const pictureWidth = 256;
const maxRows = 100;

/**
 * Row norms, column norms and picture of one tensor's Δ, added up from parts in the order of their rows. Needs memory for
 * what is shown, and for the columns: a tensor of one column may have billions of rows.
 */
export class ProfileSum {
  readonly grid: ProfileGrid;
  readonly #entrySquaresDelta: Float64Array;
  readonly #columnSquaresDelta: Float64Array;
  readonly #cells: Float64Array;
  readonly #spread = emptySpread();
  readonly #largest = new LargestRows(maxRows);
  readonly #width: number;
  readonly #height: number;

  constructor(
    readonly rowCount: number,
    readonly columnCount: number,
    /** Null: values are not counted in linear bins. */
    readonly spans: SpreadSpans | null = null,
  ) {
    const columnsPerCell = Math.max(1, Math.ceil(columnCount / pictureWidth));
    const rowsPerCell = Math.max(1, Math.ceil(rowCount / pictureHeight));
    this.grid = { columnCount, rowsPerCell, columnsPerCell, rowsPerEntry: profileStep(rowCount), maxRows };
    this.#width = Math.ceil(columnCount / columnsPerCell);
    this.#height = Math.ceil(rowCount / rowsPerCell);
    this.#entrySquaresDelta = new Float64Array(Math.ceil(rowCount / this.grid.rowsPerEntry));
    this.#columnSquaresDelta = new Float64Array(columnCount);
    this.#cells = new Float64Array(this.#width * this.#height);
  }

  /** Adds the sums of consecutive rows, the first of which is row `firstRow` of the tensor. */
  add({ sums, spread }: ProfileResult, firstRow: number): void {
    this.#addSums(sums, firstRow);
    if (spread === null) return;
    for (const values of ['delta', 'a', 'b'] as const) addTo(this.#spread[values], spread[values], 0);
  }

  #addSums(sums: ProfileSums, firstRow: number): void {
    const { rowsPerEntry, rowsPerCell } = this.grid;
    addTo(this.#entrySquaresDelta, sums.entrySquaresDelta, Math.floor(firstRow / rowsPerEntry));
    addTo(this.#columnSquaresDelta, sums.columnSquaresDelta, 0);
    addTo(this.#cells, sums.cellSquaresDelta, Math.floor(firstRow / rowsPerCell) * this.#width);
    for (const { row, squaresDelta, squaresA } of sums.largestRows) this.#largest.add(row, squaresDelta, squaresA);
  }

  /** The rows with the largest ‖Δ‖, largest first; rows that did not change are left out. */
  changedRows(): Omit<ChangedRow, 'token'>[] {
    return this.#largest.inOrder().map(({ row, squaresDelta, squaresA }) => {
      const normDelta = Math.sqrt(squaresDelta);
      return { row, normDelta, relativeChange: normDelta / Math.sqrt(squaresA) };
    });
  }

  finish(): Pick<TensorDetail, 'rowNorms' | 'columnNorms' | 'rowsPerEntry' | 'columnsPerEntry' | 'picture' | 'spread'> {
    const columnsPerEntry = profileStep(this.columnCount);
    return {
      rowNorms: Array.from(this.#entrySquaresDelta, Math.sqrt),
      columnNorms: norms(this.#columnSquaresDelta, columnsPerEntry),
      rowsPerEntry: this.grid.rowsPerEntry,
      columnsPerEntry,
      picture: this.#picture(),
      spread: this.spans && this.#valueSpread(this.spans),
    };
  }

  #valueSpread({ delta, values }: SpreadSpans): ValueSpread {
    const { delta: ofDelta, a, b } = this.#spread;
    return { deltaSpan: delta, valueSpan: values, delta: Array.from(ofDelta), a: Array.from(a), b: Array.from(b) };
  }

  #picture(): DeltaPicture {
    const cells = Array.from(this.#cells, (sum, i) => Math.sqrt(sum / this.#valuesInCell(Math.floor(i / this.#width), i % this.#width)));
    return { height: this.#height, width: this.#width, rowCount: this.rowCount, columnCount: this.columnCount, cells };
  }

  /** Cells of the last row and column may cover less. */
  #valuesInCell(y: number, x: number): number {
    const { rowsPerCell, columnsPerCell } = this.grid;
    const rows = Math.min(rowsPerCell, this.rowCount - y * rowsPerCell);
    return rows * Math.min(columnsPerCell, this.columnCount - x * columnsPerCell);
  }
}

/** Neighbours that share an entry, so that at most `longestProfile` entries remain. */
function profileStep(count: number): number {
  return Math.max(1, Math.ceil(count / longestProfile));
}

function addTo(totals: Float64Array, sums: Float64Array, first: number): void {
  for (let i = 0; i < sums.length; i++) totals[first + i]! += sums[i]!;
}

/** Square roots of sums over `step` neighbours. */
function norms(squares: Float64Array, step: number): number[] {
  const sums = new Float64Array(Math.ceil(squares.length / step));
  squares.forEach((square, i) => (sums[Math.floor(i / step)]! += square));
  return Array.from(sums, Math.sqrt);
}
