import type { Area } from './area.js';

/** Values of a recipe as a matrix (`matrixShape`). */
export interface Values {
  readonly rows: number;
  readonly columns: number;
  /** Fills `out`, row after row, with the values of an area. @throws FileReadError */
  read(area: Area, out: Float64Array): void;
  /** The same as float32, where values are formed as such; in between they are not widened then. */
  readonly readFloat32?: ((area: Area, out: Float32Array) => void) | undefined;
}

/** Room for values in between, kept for the next read. */
export class Scratch {
  #buffer = new Float64Array(0);

  /** @returns room for `count` values, with whatever was in it; valid until the next call */
  take(count: number): Float64Array {
    if (this.#buffer.length < count) this.#buffer = new Float64Array(count);
    return this.#buffer.subarray(0, count);
  }
}
