import { bitsOf } from '../../checkpoint/index.js';
import type { UnpackedRecipe } from '../../model/recipe/index.js';
import { matrixShape, type Area } from './area.js';
import type { PanelReader } from './panelReader.js';
import type { Values } from './values.js';

/** Small integers packed along each row. */
export class PackedRows implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #places: readonly number[];

  constructor(
    private readonly recipe: UnpackedRecipe,
    private readonly panel: PanelReader,
  ) {
    ({ rows: this.rows, columns: this.columns } = matrixShape(recipe.shape));
    this.#places = recipe.order.length === 0 ? [0] : recipe.order;
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const { bits } = this.recipe;
    const group = this.#places.length;
    const first = column - (column % group);
    const start = Math.floor((first * bits) / 8);
    const last = Math.ceil((column + columns) / group) * group;
    const byteLength = Math.ceil((last * bits) / 8) - start;
    const { bytes, at, stride } = this.panel.read(row, rows, start, byteLength);
    for (let i = 0; i < rows; i++) this.#readRow(bytes, at + i * stride - start, column, out.subarray(i * columns, (i + 1) * columns));
  }

  /** @param origin where byte 0 of the row would lie */
  #readRow(bytes: Uint8Array, origin: number, column: number, out: Float64Array): void {
    const { bits } = this.recipe;
    const places = this.#places;
    const group = places.length;
    const mask = (1 << bits) - 1;
    for (let i = 0; i < out.length; i++) {
      const value = column + i;
      const inGroup = value % group;
      const bit = (value - inGroup + places[inGroup]!) * bits;
      const byte = origin + (bit >>> 3);
      out[i] = ((bytes[byte]! | ((bytes[byte + 1] ?? 0) << 8)) >>> (bit & 7)) & mask;
    }
  }
}

/** Small integers packed down the columns of a matrix of words. */
export class PackedColumns implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #wordBytes: number;

  constructor(
    private readonly recipe: UnpackedRecipe,
    private readonly panel: PanelReader,
  ) {
    ({ rows: this.rows, columns: this.columns } = matrixShape(recipe.shape));
    this.#wordBytes = bitsOf(recipe.tensor.dtype) / 8;
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const { bits } = this.recipe;
    const wordBits = this.#wordBytes * 8;
    const firstWord = Math.floor((row * bits) / wordBits);
    const words = Math.ceil(((row + rows) * bits) / wordBits) - firstWord;
    const panel = this.panel.read(firstWord, words, column * this.#wordBytes, columns * this.#wordBytes);
    for (let i = 0; i < rows; i++) {
      const bit = (row + i) * bits - firstWord * wordBits;
      this.#readRow(panel, bit, out.subarray(i * columns, (i + 1) * columns));
    }
  }

  /** One row: the same bits of every word, which may go on in the word below. */
  #readRow(panel: { bytes: Uint8Array; at: number; stride: number }, bit: number, out: Float64Array): void {
    const [wordBytes, mask] = [this.#wordBytes, (1 << this.recipe.bits) - 1];
    const word = Math.floor(bit / (wordBytes * 8));
    const inWord = bit - word * wordBytes * 8;
    const low = panel.at + word * panel.stride + (inWord >>> 3);
    const isLastByte = inWord >>> 3 === wordBytes - 1;
    const high = isLastByte ? panel.at + (word + 1) * panel.stride : low + 1;
    const { bytes } = panel;
    for (let i = 0, step = 0; i < out.length; i++, step += wordBytes) {
      out[i] = ((bytes[low + step]! | ((bytes[high + step] ?? 0) << 8)) >>> (inWord & 7)) & mask;
    }
  }
}
