import type { Tensor } from '../../checkpoint/index.js';
import type { FileReader } from '../fileReader.js';
import type { FileVersion } from '../task.js';

/** Bytes of a tensor that are kept for the next read by a leaf of a recipe, unless more are asked for at once. */
const usualByteLength = 4 * 1024 * 1024;

/** Rows of bytes of one stored tensor, of which some columns are wanted at a time. */
export interface ByteRows {
  readonly tensor: Tensor;
  readonly file: FileVersion;
  /** Bytes from one row to the next. */
  readonly rowByteLength: number;
}

/**
 * Reads rectangles of bytes. What is asked for down the columns of a matrix, a few columns at a time, is read in panels as wide as
 * fit, so that the file is read about once and not once per column.
 */
export class PanelReader {
  #panel = new Uint8Array(0);
  #kept = { row: 0, rows: 0, start: 0, byteLength: 0 };

  constructor(
    private readonly reader: FileReader,
    private readonly source: ByteRows,
    private readonly panelByteLength = usualByteLength,
  ) {}

  /**
   * Bytes `[start, start + byteLength)` of rows `[row, row + rows)`.
   * @returns where they lie: row `i` begins at `at + i · stride` of `bytes`; valid until the next read
   */
  read(row: number, rows: number, start: number, byteLength: number): { bytes: Uint8Array; at: number; stride: number } {
    if (!this.#holds(row, rows, start, byteLength)) this.#load(row, rows, start, byteLength);
    const kept = this.#kept;
    return { bytes: this.#panel, at: (row - kept.row) * kept.byteLength + (start - kept.start), stride: kept.byteLength };
  }

  #holds(row: number, rows: number, start: number, byteLength: number): boolean {
    const kept = this.#kept;
    const inRows = row >= kept.row && row + rows <= kept.row + kept.rows;
    return inRows && start >= kept.start && start + byteLength <= kept.start + kept.byteLength;
  }

  #load(row: number, rows: number, start: number, byteLength: number): void {
    const { rowByteLength } = this.source;
    const wide = Math.min(rowByteLength - start, Math.max(byteLength, Math.floor(this.panelByteLength / rows)));
    const isWhole = start === 0 && wide === rowByteLength;
    this.#kept = { row, rows, start, byteLength: wide };
    if (this.#panel.byteLength < rows * wide) this.#panel = new Uint8Array(rows * wide);
    if (isWhole) this.#fill(row * rowByteLength, this.#panel.subarray(0, rows * wide));
    else for (let i = 0; i < rows; i++) this.#fill((row + i) * rowByteLength + start, this.#panel.subarray(i * wide, (i + 1) * wide));
  }

  #fill(from: number, into: Uint8Array): void {
    const { tensor, file } = this.source;
    const { name, dtype, start } = tensor;
    this.reader.read({ file, tensor: name, dtype, start: start + from, byteLength: into.byteLength }, into);
  }
}
