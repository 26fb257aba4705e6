import type { ProfileSums } from '../compute/index.js';
import type { ChangedRow, DeltaPicture } from './report/index.js';

/** Entries of a row or column profile; more would not be seen on a screen. */
const longestProfile = 2048;
const pictureHeight = 192;
const pictureWidth = 256;
const mostChangedRows = 100;

/** Row norms, column norms and picture of one tensor's Δ, added up from parts that may come in any order. */
export class ProfileSum {
  readonly columnsPerCell: number;
  readonly #rowsPerCell: number;
  readonly #rowSquaresDelta: Float64Array;
  readonly #rowSquaresA: Float64Array;
  readonly #columnSquaresDelta: Float64Array;
  readonly #cells: Float64Array;
  readonly #width: number;
  readonly #height: number;

  constructor(
    readonly rowCount: number,
    readonly columnCount: number,
  ) {
    this.columnsPerCell = Math.max(1, Math.ceil(columnCount / pictureWidth));
    this.#rowsPerCell = Math.max(1, Math.ceil(rowCount / pictureHeight));
    this.#width = Math.ceil(columnCount / this.columnsPerCell);
    this.#height = Math.ceil(rowCount / this.#rowsPerCell);
    this.#rowSquaresDelta = new Float64Array(rowCount);
    this.#rowSquaresA = new Float64Array(rowCount);
    this.#columnSquaresDelta = new Float64Array(columnCount);
    this.#cells = new Float64Array(this.#width * this.#height);
  }

  /** Adds the sums of consecutive rows, the first of which is row `firstRow` of the tensor. */
  add(sums: ProfileSums, firstRow: number): void {
    this.#rowSquaresDelta.set(sums.rowSquaresDelta, firstRow);
    this.#rowSquaresA.set(sums.rowSquaresA, firstRow);
    sums.columnSquaresDelta.forEach((sum, column) => (this.#columnSquaresDelta[column]! += sum));
    sums.cellSquaresDelta.forEach((sum, i) => {
      const row = firstRow + Math.floor(i / this.#width);
      this.#cells[Math.floor(row / this.#rowsPerCell) * this.#width + (i % this.#width)]! += sum;
    });
  }

  /** The rows with the largest ‖Δ‖, largest first; rows that did not change are left out. */
  changedRows(): Omit<ChangedRow, 'token'>[] {
    const order = Array.from(this.#rowSquaresDelta.keys()).filter((row) => this.#rowSquaresDelta[row]! > 0);
    order.sort((x, y) => this.#rowSquaresDelta[y]! - this.#rowSquaresDelta[x]! || x - y);
    return order.slice(0, mostChangedRows).map((row) => {
      const normDelta = Math.sqrt(this.#rowSquaresDelta[row]!);
      return { row, normDelta, relativeChange: normDelta / Math.sqrt(this.#rowSquaresA[row]!) };
    });
  }

  finish(): { rowNorms: number[]; columnNorms: number[]; rowsPerEntry: number; columnsPerEntry: number; picture: DeltaPicture } {
    const rows = norms(this.#rowSquaresDelta);
    const columns = norms(this.#columnSquaresDelta);
    return {
      rowNorms: rows.norms,
      columnNorms: columns.norms,
      rowsPerEntry: rows.step,
      columnsPerEntry: columns.step,
      picture: this.#picture(),
    };
  }

  #picture(): DeltaPicture {
    const cells = Array.from(this.#cells, (sum, i) => Math.sqrt(sum / this.#valuesInCell(Math.floor(i / this.#width), i % this.#width)));
    return { height: this.#height, width: this.#width, rowCount: this.rowCount, columnCount: this.columnCount, cells };
  }

  /** Cells of the last row and column may cover less. */
  #valuesInCell(y: number, x: number): number {
    const rows = Math.min(this.#rowsPerCell, this.rowCount - y * this.#rowsPerCell);
    return rows * Math.min(this.columnsPerCell, this.columnCount - x * this.columnsPerCell);
  }
}

/** Square roots of sums over `step` neighbours, so that at most `longestProfile` entries remain. */
function norms(squares: Float64Array): { norms: number[]; step: number } {
  const step = Math.max(1, Math.ceil(squares.length / longestProfile));
  const sums = new Float64Array(Math.ceil(squares.length / step));
  squares.forEach((square, i) => (sums[Math.floor(i / step)]! += square));
  return { norms: Array.from(sums, Math.sqrt), step };
}
