import type { BlockwiseRecipe } from '../../model/recipe/index.js';
import type { Area } from './area.js';
import { Scratch, type Values } from './values.js';

/** Each value with the one of its block. */
export class BlockwiseValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #scratch = new Scratch();
  readonly #blockRowsOfMatrix: number;

  /** @param matrixRows size of the last axis but one: blocks begin anew with each matrix */
  constructor(
    private readonly recipe: Pick<BlockwiseRecipe, 'operation' | 'blockRows' | 'blockColumns'>,
    private readonly of: Values,
    private readonly by: Values,
    private readonly matrixRows: number,
  ) {
    ({ rows: this.rows, columns: this.columns } = of);
    this.#blockRowsOfMatrix = Math.ceil(matrixRows / recipe.blockRows);
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const { operation, blockColumns } = this.recipe;
    this.of.read({ row, rows, column, columns }, out);
    const first = Math.floor(column / blockColumns);
    const count = Math.floor((column + columns - 1) / blockColumns) - first + 1;
    for (let i = 0; i < rows; i++) {
      const factors = this.#factorsOf(row + i, first, count, i === 0);
      const values = out.subarray(i * columns, (i + 1) * columns);
      if (blockColumns === 1) applyEach(operation, values, factors);
      else this.#applyBlocks(values, factors, column - first * blockColumns);
    }
  }

  /** @param skipped columns of the first block that lie before the values */
  #applyBlocks(values: Float64Array, factors: Float64Array, skipped: number): void {
    const { operation, blockColumns } = this.recipe;
    for (let block = 0; block < factors.length; block++) {
      const from = Math.max(0, block * blockColumns - skipped);
      const to = Math.min(values.length, (block + 1) * blockColumns - skipped);
      applyOne(operation, values, from, to, factors[block]!);
    }
  }

  #keptRow = -1;
  #kept: Float64Array = new Float64Array(0);

  /** Rows of one block row share theirs. */
  #factorsOf(row: number, first: number, count: number, isFirst: boolean): Float64Array {
    const matrix = Math.floor(row / this.matrixRows);
    const blockRow = matrix * this.#blockRowsOfMatrix + Math.floor((row % this.matrixRows) / this.recipe.blockRows);
    if (!isFirst && blockRow === this.#keptRow) return this.#kept;
    this.#kept = this.#scratch.take(count);
    this.by.read({ row: blockRow, rows: 1, column: first, columns: count }, this.#kept);
    this.#keptRow = blockRow;
    return this.#kept;
  }
}

function applyOne(operation: BlockwiseRecipe['operation'], values: Float64Array, from: number, to: number, factor: number): void {
  switch (operation) {
    case 'multiply':
      for (let i = from; i < to; i++) values[i]! *= factor;
      return;
    case 'divide':
      for (let i = from; i < to; i++) values[i]! /= factor;
      return;
    case 'subtract':
      for (let i = from; i < to; i++) values[i]! -= factor;
      return;
    case 'add':
      for (let i = from; i < to; i++) values[i]! += factor;
      return;
    default:
      operation satisfies never;
  }
}

function applyEach(operation: BlockwiseRecipe['operation'], values: Float64Array, factors: Float64Array): void {
  switch (operation) {
    case 'multiply':
      for (let i = 0; i < values.length; i++) values[i]! *= factors[i]!;
      return;
    case 'divide':
      for (let i = 0; i < values.length; i++) values[i]! /= factors[i]!;
      return;
    case 'subtract':
      for (let i = 0; i < values.length; i++) values[i]! -= factors[i]!;
      return;
    case 'add':
      for (let i = 0; i < values.length; i++) values[i]! += factors[i]!;
      return;
    default:
      operation satisfies never;
  }
}
