import type { Area } from './area.js';
import { areasOfRange } from './area.js';
import { Scratch, type Values } from './values.js';

/** The same values in the same order, as a matrix of other columns. */
export class ReshapedValues implements Values {
  readonly readFloat32: Values['readFloat32'];

  constructor(
    private readonly of: Values,
    readonly rows: number,
    readonly columns: number,
  ) {
    const { readFloat32, columns: columnsBelow } = of;
    if (readFloat32 === undefined) return;
    this.readFloat32 = (area, out) =>
      this.#forEachRun(area, (first, from, to) => readRangeFloat32(readFloat32, first, columnsBelow, out.subarray(from, to)));
  }

  read(area: Area, out: Float64Array): void {
    this.#forEachRun(area, (first, from, to) => readRange(this.of, first, to - from, out.subarray(from, to)));
  }

  /** @param read gets the number of an element of the source, and the elements of the result that those from there on are */
  #forEachRun({ row, rows, column, columns }: Area, read: (first: number, from: number, to: number) => void): void {
    if (columns === this.columns) read(row * columns, 0, rows * columns);
    else for (let i = 0; i < rows; i++) read((row + i) * this.columns + column, i * columns, (i + 1) * columns);
  }
}

/** Elements `[first, first + count)` in reading order. */
export function readRange(values: Values, first: number, count: number, out: Float64Array): void {
  let done = 0;
  for (const area of areasOfRange(first, count, values.columns)) {
    const length = area.rows * area.columns;
    values.read(area, out.subarray(done, done + length));
    done += length;
  }
}

/** As `readRange`, in float32. */
export function readRangeFloat32(readFloat32: NonNullable<Values['readFloat32']>, first: number, columns: number, out: Float32Array): void {
  let done = 0;
  for (const area of areasOfRange(first, out.length, columns)) {
    const length = area.rows * area.columns;
    readFloat32(area, out.subarray(done, done + length));
    done += length;
  }
}

/** Rows in another order or fewer of them: `sourceOf` says which row of the source each is. Rows that follow each other are read at once. */
export class MappedRows implements Values {
  readonly columns: number;
  readonly readFloat32: Values['readFloat32'];

  constructor(
    private readonly of: Values,
    readonly rows: number,
    private readonly sourceOf: (row: number) => number,
  ) {
    this.columns = of.columns;
    const { readFloat32 } = of;
    if (readFloat32 === undefined) return;
    this.readFloat32 = (area, out) => this.#forEachRun(area, (run, from, to) => readFloat32(run, out.subarray(from, to)));
  }

  read(area: Area, out: Float64Array): void {
    this.#forEachRun(area, (run, from, to) => this.of.read(run, out.subarray(from, to)));
  }

  /** @param read gets an area of the source, and the elements of the result that it is */
  #forEachRun({ row, rows, column, columns }: Area, read: (run: Area, from: number, to: number) => void): void {
    for (let i = 0; i < rows;) {
      const from = this.sourceOf(row + i);
      let length = 1;
      while (i + length < rows && this.sourceOf(row + i + length) === from + length) length++;
      read({ row: from, rows: length, column, columns }, i * columns, (i + length) * columns);
      i += length;
    }
  }
}

/** Columns `first`, `first + step` … */
export class PartOfColumns implements Values {
  readonly rows: number;
  readonly #scratch = new Scratch();

  constructor(
    private readonly of: Values,
    private readonly first: number,
    readonly columns: number,
    private readonly step: number,
  ) {
    this.rows = of.rows;
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    const { first, step } = this;
    if (step === 1) {
      this.of.read({ row, rows, column: first + column, columns }, out);
      return;
    }
    const span = (columns - 1) * step + 1;
    const wide = this.#scratch.take(rows * span);
    this.of.read({ row, rows, column: first + column * step, columns: span }, wide);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] = wide[i * span + j * step]!;
  }
}

/** Matrices whose rows stand in turns of the given numbers: tensors behind each other along any axis but the last. */
export class RowsInTurn implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly readFloat32: Values['readFloat32'];
  readonly #period: number;

  /** @param counts rows of each part in one turn */
  constructor(
    private readonly of: readonly Values[],
    private readonly counts: readonly number[],
  ) {
    this.#period = counts.reduce((sum, count) => sum + count, 0);
    this.rows = of.reduce((sum, part) => sum + part.rows, 0);
    this.columns = of[0]!.columns;
    if (of.some((part) => part.readFloat32 === undefined)) return;
    this.readFloat32 = (area, out) => this.#forEachRun(area, ({ readFloat32 }, run, from, to) => readFloat32!(run, out.subarray(from, to)));
  }

  read(area: Area, out: Float64Array): void {
    this.#forEachRun(area, (part, run, from, to) => part.read(run, out.subarray(from, to)));
  }

  /** @param read gets a part, an area of it, and the elements of the result that it is */
  #forEachRun({ row, rows, column, columns }: Area, read: (part: Values, run: Area, from: number, to: number) => void): void {
    for (let i = 0; i < rows;) {
      const { part, from, left } = this.#find(row + i);
      const length = Math.min(left, rows - i);
      read(part, { row: from, rows: length, column, columns }, i * columns, (i + length) * columns);
      i += length;
    }
  }

  #find(row: number): { part: Values; from: number; left: number } {
    const turn = Math.floor(row / this.#period);
    let rest = row - turn * this.#period;
    let index = 0;
    while (rest >= this.counts[index]!) rest -= this.counts[index++]!;
    const count = this.counts[index]!;
    return { part: this.of[index]!, from: turn * count + rest, left: count - rest };
  }
}

/** Matrices side by side. */
export class ColumnsInTurn implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #scratch = new Scratch();

  constructor(private readonly of: readonly Values[]) {
    this.rows = of[0]!.rows;
    this.columns = of.reduce((sum, part) => sum + part.columns, 0);
  }

  read({ row, rows, column, columns }: Area, out: Float64Array): void {
    let start = 0;
    for (const part of this.of) {
      const from = Math.max(column, start);
      const to = Math.min(column + columns, start + part.columns);
      if (from < to) this.#readPart(part, { row, rows, column: from - start, columns: to - from }, out, from - column, columns);
      start += part.columns;
    }
  }

  #readPart(part: Values, area: Area, out: Float64Array, at: number, stride: number): void {
    const values = this.#scratch.take(area.rows * area.columns);
    part.read(area, values);
    for (let i = 0; i < area.rows; i++) out.set(values.subarray(i * area.columns, (i + 1) * area.columns), i * stride + at);
  }
}

/** Each matrix of `matrixRows` rows (of the result) transposed. */
export class TransposedValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly readFloat32: Values['readFloat32'];
  readonly #scratch = new Scratch();

  constructor(
    private readonly of: Values,
    sourceRows: number,
    private readonly matrixRows = of.columns,
  ) {
    this.columns = sourceRows;
    this.rows = sourceRows === 0 ? 0 : (of.rows / sourceRows) * of.columns;
    const { readStrided } = of;
    if (readStrided === undefined) return;
    this.readFloat32 = (area, out) =>
      this.#forEachMatrix(area, (source, at) => readStrided(source, { out, at, rowStep: 1, columnStep: source.rows }));
  }

  read(area: Area, out: Float64Array): void {
    this.#forEachMatrix(area, (source, from, to) => this.#readMatrix(source, out.subarray(from, to)));
  }

  /** @param read gets an area of the source, and the elements of the result that it is, transposed */
  #forEachMatrix({ row, rows, column, columns }: Area, read: (source: Area, from: number, to: number) => void): void {
    for (let i = 0; i < rows;) {
      const matrix = Math.floor((row + i) / this.matrixRows);
      const inMatrix = row + i - matrix * this.matrixRows;
      const length = Math.min(this.matrixRows - inMatrix, rows - i);
      const source = { row: matrix * this.columns + column, rows: columns, column: inMatrix, columns: length };
      read(source, i * columns, (i + length) * columns);
      i += length;
    }
  }

  #readMatrix(area: Area, out: Float64Array): void {
    const source = this.#scratch.take(area.rows * area.columns);
    this.of.read(area, source);
    for (let i = 0; i < area.columns; i++) {
      for (let j = 0, from = i; j < area.rows; j++, from += area.columns) out[i * area.rows + j] = source[from]!;
    }
  }
}
