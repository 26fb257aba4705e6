import type { Recipe } from '../../model/recipe/index.js';
import type { Panel, ProductKernels } from '../simd/index.js';
import type { SliceReader } from '../sliceReader.js';
import type { FileVersion, ProductMatrix } from '../task.js';
import { factorSource, type FactorSource } from './factorSource.js';

/** A square matrix, row-major. */
export interface Square {
  readonly values: Float64Array;
  readonly size: number;
}

/** The scale of each stacked column, and which of the two matrices it belongs to. */
export interface StackedColumns {
  readonly scales: Float64Array;
  /** Columns of the first matrix. */
  readonly first: number;
}

/** Factors of two matrices behind each other: [B₁ B₂], or [A₁; A₂]. Read in panels of all columns and a few rows. */
export class StackedFactors {
  readonly #factors: readonly FactorSource[];
  readonly #ranks: readonly number[];
  #areSame: boolean;

  /** @param files of each of the two */
  constructor(
    side: 'a' | 'b',
    matrices: readonly ProductMatrix[],
    files: readonly Readonly<Record<number, FileVersion>>[],
    reader: SliceReader,
  ) {
    const recipes = matrices.map((matrix) => (side === 'a' ? matrix.a : transposed(matrix.b)));
    this.#factors = recipes.map((recipe, i) => factorSource(recipe, files[i]!, reader));
    this.#ranks = this.#factors.map(({ rank }) => rank);
    this.#areSame = this.#ranks[0] === this.#ranks[1];
  }

  /** Whether both have the same values, as far as they have been read. */
  get areSame(): boolean {
    return this.#areSame;
  }

  /** Reads everything once. */
  addUp(kernels: ProductKernels, as: 'gram' | 'triangle'): Square {
    const panel = this.#begin(kernels);
    const { length } = this.#factors[0]!;
    for (let first = 0; first < length; first += panel.stride) {
      const count = Math.min(panel.stride, length - first);
      if (!this.#fill(kernels, panel, first, count)) continue;
      if (as === 'gram') kernels.addGram(panel, count);
      else kernels.addToTriangle(panel, count);
    }
    return kernels.result();
  }

  #begin(kernels: ProductKernels): Panel {
    const rows = this.#ranks[0]! + this.#ranks[1]!;
    const { stride } = kernels.begin(rows, []);
    for (const factor of this.#factors) factor.forget();
    return kernels.begin(
      rows,
      this.#factors.map((factor) => factor.slotByteLength(stride)),
    );
  }

  /** The columns of the difference of the second matrix and the first. */
  weights([one, other]: readonly number[]): StackedColumns {
    const scales = new Float64Array(this.#ranks[0]! + this.#ranks[1]!).fill(-one!, 0, this.#ranks[0]).fill(other!, this.#ranks[0]);
    return { scales, first: this.#ranks[0]! };
  }

  /** @returns whether any value may not be zero */
  #fill(kernels: ProductKernels, panel: Panel, first: number, count: number): boolean {
    if (count < panel.stride) panel.values.fill(0);
    let row = 0;
    const filled = this.#factors.map((factor, slot) => {
      const isFilled = factor.fill(kernels, slot, panel, { first, count, row });
      if (!isFilled) panel.values.fill(0, row * panel.stride, (row + factor.rank) * panel.stride);
      row += factor.rank;
      return isFilled;
    });
    if (!filled.includes(true)) return false;
    this.#areSame &&= isSame(panel.values, this.#ranks[0]! * panel.stride);
    return true;
  }
}

/** Whether the values before a place are those behind it. */
function isSame(values: Float64Array, half: number): boolean {
  const bytes = Buffer.from(values.buffer, values.byteOffset, half * 16);
  return bytes.subarray(0, half * 8).equals(bytes.subarray(half * 8));
}

function transposed(of: Recipe): Recipe {
  return of.kind === 'transposed' ? of.of : { kind: 'transposed', of };
}
