import type { BlockwiseRecipe } from '../../model/recipe/index.js';
import type { Area } from './area.js';
import type { BlockTable, EntryStep } from './blockTable.js';
import { lookUpBytes, lookUpHalves, lookUpRow, lookUpWords, type CodeBytes, type CodeLayout } from './codeLayout.js';
import type { PanelReader } from './panelReader.js';
import { Scratch, type StridedTarget, type Values } from './values.js';

/** What is done to the codes of a block, with what the blocks have for it. */
export type TableStep =
  | Exclude<EntryStep, { kind: 'blockwise' }>
  | (Pick<BlockwiseRecipe, 'kind' | 'operation' | 'blockRows' | 'blockColumns'> & { readonly by: Values });

/** A `TableRecipe` over what is read. */
export interface CompiledTable {
  readonly rows: number;
  readonly columns: number;
  /** Size of the last axis but one: blocks begin anew with each matrix. */
  readonly matrixRows: number;
  readonly blockRows: number;
  readonly blockColumns: number;
  readonly layout: CodeLayout;
  readonly codes: PanelReader;
  readonly steps: readonly TableStep[];
  readonly table: BlockTable;
}

/** What the blocks of an area have for a step. */
interface Factors {
  readonly values: Float64Array;
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly stride: number;
}

/**
 * Values of codes by a table that is made for each block: exactly the values of the recipe, since the same is done to each entry, and
 * several times faster where blocks have more values than there are codes.
 */
export class TableValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #scratch: readonly Scratch[];
  readonly #factors: Float64Array;
  readonly #byColumns: boolean;
  #single = new Float32Array(0);

  constructor(private readonly of: CompiledTable) {
    ({ rows: this.rows, columns: this.columns } = of);
    this.#scratch = of.steps.map(() => new Scratch());
    this.#factors = new Float64Array(of.steps.length);
    this.#byColumns = of.blockColumns === 1 && of.blockRows > 1;
  }

  read(area: Area, out: Float64Array): void {
    if (this.#single.length < out.length) this.#single = new Float32Array(out.length);
    const single = this.#single.subarray(0, out.length);
    this.readFloat32(area, single);
    out.set(single);
  }

  readonly readFloat32 = (area: Area, out: Float32Array): void => {
    this.readStrided(area, { out, at: 0, rowStep: area.columns, columnStep: 1 });
  };

  readonly readStrided = (area: Area, target: StridedTarget): void => {
    const factors = this.of.steps.map((step, index) => this.#factorsOf(step, index, area));
    const codes = this.#codesOf(area);
    const { matrixRows, blockRows } = this.of;
    const endRow = area.row + area.rows;
    for (let row = area.row; row < endRow;) {
      const inMatrix = row % matrixRows;
      const rows = Math.min(blockRows - (inMatrix % blockRows), matrixRows - inMatrix, endRow - row);
      this.#readBand(codes, factors, area, row, rows, target);
      row += rows;
    }
  };

  /** The blocks beside each other, or the rows of them that lie in the area. */
  #readBand(codes: CodeBytes, factors: readonly (Factors | null)[], area: Area, row: number, rows: number, target: StridedTarget): void {
    const { blockColumns, table, steps } = this.of;
    const endColumn = area.column + area.columns;
    for (let column = area.column; column < endColumn;) {
      const columns = Math.min(blockColumns - (column % blockColumns), endColumn - column);
      for (let index = 0; index < steps.length; index++) this.#factors[index] = this.#factorAt(steps[index]!, factors[index]!, row, column);
      table.make(this.#factors);
      if (this.#byColumns) this.#lookUpColumn(codes, area, row, rows, column, target);
      else for (let i = 0; i < rows; i++) this.#lookUpRow(codes, area, row + i, column, columns, target);
      column += columns;
    }
  }

  #factorAt(step: TableStep, factors: Factors | null, row: number, column: number): number {
    if (step.kind === 'affine' || factors === null) return 0;
    const { values, firstRow, firstColumn, stride } = factors;
    return values[(this.#blockRowOf(step.blockRows, row) - firstRow) * stride + Math.floor(column / step.blockColumns) - firstColumn]!;
  }

  /** The factors of all blocks that an area touches. */
  #factorsOf(step: TableStep, index: number, { row, rows, column, columns }: Area): Factors | null {
    if (step.kind === 'affine') return null;
    const firstRow = this.#blockRowOf(step.blockRows, row);
    const firstColumn = Math.floor(column / step.blockColumns);
    const height = this.#blockRowOf(step.blockRows, row + rows - 1) - firstRow + 1;
    const stride = Math.floor((column + columns - 1) / step.blockColumns) - firstColumn + 1;
    const values = this.#scratch[index]!.take(height * stride);
    step.by.read({ row: firstRow, rows: height, column: firstColumn, columns: stride }, values);
    return { values, firstRow, firstColumn, stride };
  }

  #blockRowOf(blockRows: number, row: number): number {
    const { matrixRows } = this.of;
    if (row < matrixRows) return Math.floor(row / blockRows);
    const matrix = Math.floor(row / matrixRows);
    return matrix * Math.ceil(matrixRows / blockRows) + Math.floor((row - matrix * matrixRows) / blockRows);
  }

  /** Bytes of the codes of an area: whole groups of those that are packed. */
  #codesOf({ row, rows, column, columns }: Area): CodeBytes {
    const { layout, codes } = this.of;
    switch (layout.kind) {
      case 'bytes':
        return codes.read(row, rows, column, columns);
      case 'nibbles-in-rows': {
        const start = firstByte(layout.order.length, column);
        const end = Math.ceil((column + columns) / layout.order.length) * layout.order.length;
        return codes.read(row, rows, start, ((end + 1) >> 1) - start);
      }
      case 'nibbles-in-columns': {
        const first = row >> 3;
        return codes.read(first, ((row + rows + 7) >> 3) - first, column * 4, columns * 4);
      }
    }
  }

  #lookUpRow({ bytes, at, stride }: CodeBytes, area: Area, row: number, column: number, columns: number, target: StridedTarget): void {
    const { layout, table } = this.of;
    const { out, rowStep, columnStep } = target;
    const start = at + (row - area.row) * stride;
    const to = target.at + (row - area.row) * rowStep + (column - area.column) * columnStep;
    if (layout.kind === 'bytes') lookUpBytes(table.values, bytes, start + column - area.column, 1, columns, out, to, columnStep);
    else if (layout.kind === 'nibbles-in-rows') {
      const from = start - firstByte(2, area.column) + (column >> 1);
      lookUpRow(table.values, bytes, from, column % 2 === 1, layout.order[0] === 1, columns, out, to, columnStep);
    } else throw new Error('internal: words of codes are read down their columns');
  }

  #lookUpColumn({ bytes, at, stride }: CodeBytes, area: Area, row: number, rows: number, column: number, target: StridedTarget): void {
    const { layout, table } = this.of;
    const { out, rowStep, columnStep } = target;
    const start = at + (row - area.row) * stride;
    const to = target.at + (row - area.row) * rowStep + (column - area.column) * columnStep;
    switch (layout.kind) {
      case 'bytes':
        lookUpBytes(table.values, bytes, start + column - area.column, stride, rows, out, to, rowStep);
        return;
      case 'nibbles-in-rows': {
        const size = layout.order.length;
        const place = column - (column % size) + layout.order[column % size]!;
        const from = start - firstByte(size, area.column) + (place >> 1);
        lookUpHalves(table.values, bytes, from, stride, (place & 1) * 4, rows, out, to, rowStep);
        return;
      }
      case 'nibbles-in-columns':
        lookUpWords(table.values, bytes, at - (area.row >> 3) * stride + (column - area.column) * 4, stride, row, rows, out, to, rowStep);
        return;
    }
  }
}

/** The byte at which the group of a nibble begins. */
function firstByte(groupSize: number, column: number): number {
  return (column - (column % groupSize)) >> 1;
}
