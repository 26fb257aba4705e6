import type { Area } from './area.js';
import { Scratch, type Values } from './values.js';

/** Values of a source, each replaced. */
export class ReplacedValues implements Values {
  readonly rows: number;
  readonly columns: number;

  constructor(
    private readonly of: Values,
    private readonly replace: (values: Float64Array) => void,
  ) {
    ({ rows: this.rows, columns: this.columns } = of);
  }

  read(area: Area, out: Float64Array): void {
    this.of.read(area, out);
    this.replace(out);
  }
}

export function lookUp(table: Float64Array): (values: Float64Array) => void {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = table[values[i]!] ?? NaN;
  };
}

export function affine(scale: number, shift: number): (values: Float64Array) => void {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale + shift;
  };
}

/** Recipes of one shape, added up in order. */
export class SummedValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #scratch = new Scratch();

  constructor(private readonly of: readonly Values[]) {
    ({ rows: this.rows, columns: this.columns } = of[0]!);
  }

  read(area: Area, out: Float64Array): void {
    const [first, ...others] = this.of;
    first!.read(area, out);
    for (const other of others) {
      const term = this.#scratch.take(out.length);
      other.read(area, term);
      for (let i = 0; i < out.length; i++) out[i]! += term[i]!;
    }
  }
}

/** `scale · B · A`. */
export class LowRankValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #left = new Scratch();
  readonly #right = new Scratch();

  constructor(
    private readonly scale: number,
    private readonly b: Values,
    private readonly a: Values,
  ) {
    this.rows = b.rows;
    this.columns = a.columns;
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const rank = this.a.rows;
    const left = this.#left.take(rows * rank);
    const right = this.#right.take(rank * columns);
    this.b.read({ row, rows, column: 0, columns: rank }, left);
    this.a.read({ row: 0, rows: rank, column, columns }, right);
    for (let i = 0; i < rows; i++) {
      const sums = out.subarray(i * columns, (i + 1) * columns).fill(0);
      for (let k = 0; k < rank; k++) addScaled(sums, right, k * columns, left[i * rank + k]!);
      for (let j = 0; j < columns; j++) sums[j]! *= this.scale;
    }
  }
}

function addScaled(sums: Float64Array, values: Float64Array, at: number, factor: number): void {
  for (let j = 0; j < sums.length; j++) sums[j]! += factor * values[at + j]!;
}

/** Values that are formed at once for the norm of a row. */
const valuesPerNorm = 1 << 16;

/** Each row divided by its Euclidean norm, which is found once. A row of zeros is not a number, as in the libraries. */
export class NormalisedRows implements Values {
  readonly rows: number;
  readonly columns: number;
  /** Zero where the row has not been read yet. */
  readonly #norms: Float64Array;
  readonly #scratch = new Scratch();

  constructor(private readonly of: Values) {
    ({ rows: this.rows, columns: this.columns } = of);
    this.#norms = new Float64Array(this.rows);
  }

  read(area: Area, out: Float64Array): void {
    const { row, rows, columns } = area;
    this.#findNorms(row, rows);
    this.of.read(area, out);
    for (let i = 0; i < rows; i++) {
      const norm = this.#norms[row + i]!;
      for (let j = i * columns; j < (i + 1) * columns; j++) out[j]! /= norm;
    }
  }

  #findNorms(row: number, rows: number): void {
    const rowsAtOnce = Math.max(1, Math.floor(valuesPerNorm / Math.max(1, this.columns)));
    for (let first = row; first < row + rows; first += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, row + rows - first);
      if (this.#norms.subarray(first, first + count).every((norm) => norm !== 0)) continue;
      const values = this.#scratch.take(count * this.columns);
      this.of.read({ row: first, rows: count, column: 0, columns: this.columns }, values);
      for (let i = 0; i < count; i++) this.#norms[first + i] = normOf(values.subarray(i * this.columns, (i + 1) * this.columns));
    }
  }
}

function normOf(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
