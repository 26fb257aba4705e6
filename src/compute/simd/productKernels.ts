import type { Dtype } from '../../checkpoint/index.js';
import { instantiateKernels, type KernelExports } from './kernelModule.js';

const pageByteLength = 65536;
/** Values of a panel of the stacked factors: with its Gram matrix it stays in a core's cache. */
const panelValues = 64 * 1024;
/** Columns of a panel come in fours. */
const step = 4;
/** Rows of a factor that lies turned are widened so many at a time. */
const turnedRows = 64;
const alignment = 64;

/** Where the panels of stacked factors lie, and how wide they are. */
export interface Panel {
  /** One row after the other, `stride` values apart: to be filled, zeros behind the last column and the last row. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly stride: number;
}

/** Some columns of a factor among the bytes of a slot: element (k, c) lies at `at + k · rowStep + c · columnStep` elements. */
export interface StoredColumns {
  readonly dtype: WidenedDtype;
  readonly rank: number;
  /** In elements. */
  readonly at: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Dtypes with a kernel that widens them. */
export type WidenedDtype = Extract<Dtype, 'BF16' | 'F16' | 'F32'>;

export function isWidened(dtype: Dtype): dtype is WidenedDtype {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32';
}

/**
 * Sums over thin matrices in float64: their Gram matrix, or the R of their QR decomposition. The caller asks for a panel, fills it with
 * some columns of the matrix's transpose, and adds it. Stored bytes are loaded into slots, and widened into the panel from there.
 */
export class ProductKernels {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernels: KernelExports = instantiateKernels(this.#memory);
  #rows = 0;
  #panel = 0;
  #scratch = 0;
  #slots: readonly { readonly address: number; readonly byteLength: number }[] = [];

  /**
   * @param rows columns of the matrix
   * @param slotByteLengths of bytes that panels are filled from
   * @returns an empty panel in place of the one before; no sums are kept
   */
  begin(rows: number, slotByteLengths: readonly number[]): Panel {
    this.#rows = Math.ceil(rows / 4) * 4;
    const stride = Math.max(step, Math.floor(panelValues / this.#rows / step) * step);
    const count = this.#rows * stride;
    this.#panel = aligned(pageByteLength + this.#rows * this.#rows * 8);
    this.#scratch = aligned(this.#panel + count * 8);
    let end = aligned(this.#scratch + this.#rows * turnedRows * 8);
    this.#slots = slotByteLengths.map((byteLength) => {
      const address = end;
      end = aligned(end + byteLength);
      return { address, byteLength };
    });
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageByteLength));
    this.#sums.fill(0);
    const values = new Float64Array(this.#memory.buffer, this.#panel, count);
    values.fill(0);
    return { values, stride };
  }

  /** Room for stored bytes: valid until the next `begin`. */
  slot(index: number): Uint8Array<ArrayBuffer> {
    const { address, byteLength } = this.#slots[index]!;
    return new Uint8Array(this.#memory.buffer, address, byteLength);
  }

  /** Whether the first bytes of a slot are all zero. */
  isZero(index: number, byteLength: number): boolean {
    const whole = byteLength - (byteLength % 16);
    const { address } = this.#slots[index]!;
    return (
      this.#kernels.isZero(address, whole) !== 0 &&
      this.slot(index)
        .subarray(whole, byteLength)
        .every((byte) => byte === 0)
    );
  }

  /** Widens `count` columns of a slot into rows of the panel from `row` on. */
  place(index: number, columns: StoredColumns, count: number, { stride }: Panel, row: number): void {
    const size = columns.dtype === 'F32' ? 4 : 2;
    const widen = this.#kernels[`widen${columns.dtype}`];
    const source = this.#slots[index]!.address + columns.at * size;
    const target = this.#panel + row * stride * 8;
    if (columns.columnStep === 1) {
      for (let k = 0; k < columns.rank; k++) widen(source + k * columns.rowStep * size, target + k * stride * 8, count);
      return;
    }
    for (let first = 0; first < count; first += turnedRows) {
      const length = Math.min(turnedRows, count - first);
      widen(source + first * columns.columnStep * size, this.#scratch, length * columns.rank);
      this.#kernels.turn(this.#scratch, columns.rank, length, target + first * 8, stride * 8);
    }
  }

  /** Adds the panel to the Gram matrix. */
  addGram({ stride }: Panel, count: number): void {
    this.#kernels.addGram(this.#panel, this.#rows, toStep(count), stride * 8, pageByteLength);
  }

  /** Adds the panel to the triangle, and uses it up. */
  addToTriangle({ stride }: Panel, count: number): void {
    this.#kernels.addToTriangle(pageByteLength, this.#panel, this.#rows, toStep(count), stride * 8);
  }

  /** The sums as a square matrix, row-major, of `rows` of `begin` rounded up to fours: of a Gram matrix on and below the diagonal. */
  result(): { readonly values: Float64Array; readonly size: number } {
    return { values: this.#sums.slice(), size: this.#rows };
  }

  get #sums(): Float64Array {
    return new Float64Array(this.#memory.buffer, pageByteLength, this.#rows * this.#rows);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / alignment) * alignment;
}

function toStep(count: number): number {
  return Math.ceil(count / step) * step;
}
