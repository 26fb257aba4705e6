/** Rows `[row, row + rows)` and columns `[column, column + columns)` of a matrix. */
export interface Area {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** A tensor as a matrix: the last dimension columns, all others rows; a scalar is one row of one column. */
export function matrixShape(shape: readonly number[]): { readonly rows: number; readonly columns: number } {
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns: shape.at(-1) ?? 1 };
}

/** Elements `[first, first + count)` of a matrix in reading order, as at most three areas: the end of a row, whole rows, the start of one. */
export function areasOfRange(first: number, count: number, columns: number): Area[] {
  if (count === 0) return [];
  const [row, column] = [Math.floor(first / columns), first % columns];
  const head = column === 0 ? 0 : Math.min(columns - column, count);
  const rows = Math.floor((count - head) / columns);
  const tail = count - head - rows * columns;
  const next = row + (head > 0 ? 1 : 0);
  return [
    { row, rows: 1, column, columns: head },
    { row: next, rows, column: 0, columns },
    { row: next + rows, rows: 1, column: 0, columns: tail },
  ].filter((area) => area.rows > 0 && area.columns > 0);
}
