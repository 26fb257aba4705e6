import type { Area } from './area.js';

/** Values of a recipe as a matrix (`matrixShape`). */
export interface Values {
  readonly rows: number;
  readonly columns: number;
  /** Fills `out`, row after row, with the values of an area. @throws FileReadError */
  read(area: Area, out: Float64Array): void;
  /** The same as float32, where values are formed as such; in between they are not widened then. */
  readonly readFloat32?: ((area: Area, out: Float32Array) => void) | undefined;
  /** As `readFloat32`, to places that need not follow each other: a transpose costs no pass of its own then. */
  readonly readStrided?: ((area: Area, target: StridedTarget) => void) | undefined;
}

/** Where the values of an area go: the first at `at`, those below and beside it so many places further. */
export interface StridedTarget {
  readonly out: Float32Array;
  readonly at: number;
  readonly rowStep: number;
  readonly columnStep: number;
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
