import { bitsOf, type Tensor } from '../../checkpoint/index.js';
import type { StridedRecipe } from '../../model/recipe/index.js';
import { matrixShape, type Area } from './area.js';
import { rowDecoder, type RowDecoder } from './decodeRow.js';
import type { PanelReader } from './panelReader.js';
import type { Values } from './values.js';

/** A stored tensor. */
export class StoredValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #size: number;
  readonly #decode: RowDecoder;

  constructor(
    private readonly panel: PanelReader,
    { shape, dtype }: Tensor,
  ) {
    ({ rows: this.rows, columns: this.columns } = matrixShape(shape));
    this.#size = bitsOf(dtype) / 8;
    this.#decode = rowDecoder(dtype);
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const { bytes, at, stride } = this.panel.read(row, rows, column * this.#size, columns * this.#size);
    if (stride === columns * this.#size) {
      this.#decode(bytes, at, out);
      return;
    }
    for (let i = 0; i < rows; i++) this.#decode(bytes, at + i * stride, out.subarray(i * columns, (i + 1) * columns));
  }
}

/** A view of a storage: the span of elements that an area touches is read, and picked from. */
export class StridedValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #size: number;
  readonly #decode: RowDecoder;
  readonly #one = new Float64Array(1);

  constructor(
    private readonly recipe: StridedRecipe,
    private readonly panel: PanelReader,
  ) {
    ({ rows: this.rows, columns: this.columns } = matrixShape(recipe.shape));
    this.#size = bitsOf(recipe.tensor.dtype) / 8;
    this.#decode = rowDecoder(recipe.tensor.dtype);
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const step = this.recipe.strides.at(-1) ?? 1;
    for (let i = 0; i < rows; i++) {
      const first = this.#placeOfRow(row + i) + column * step;
      this.#readRow(first, step, out.subarray(i * columns, (i + 1) * columns));
    }
  }

  #readRow(first: number, step: number, out: Float64Array): void {
    const last = first + step * (out.length - 1);
    const low = Math.min(first, last);
    const span = Math.abs(last - first) + 1;
    const { bytes, at } = this.panel.read(0, 1, low * this.#size, span * this.#size);
    if (step === 1) {
      this.#decode(bytes, at, out);
      return;
    }
    for (let i = 0; i < out.length; i++) {
      this.#decode(bytes, at + (first + step * i - low) * this.#size, this.#one);
      out[i] = this.#one[0]!;
    }
  }

  /** Element at which a row of the matrix begins. */
  #placeOfRow(row: number): number {
    const { shape, strides, offset } = this.recipe;
    let [rest, place] = [row, offset];
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return place;
  }
}
