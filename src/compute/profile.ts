import type { ProfileSums } from './task.js';

/**
 * Row, column and cell sums of Δ² over whole rows of a matrix.
 * @param a values of A, row-major; a whole number of rows of `columnCount`
 * @param b values of B at the same positions
 */
export function profileRows(a: Float64Array, b: Float64Array, columnCount: number, columnsPerCell: number): ProfileSums {
  const rowCount = columnCount === 0 ? 0 : a.length / columnCount;
  const cellsPerRow = Math.ceil(columnCount / columnsPerCell);
  const sums: ProfileSums = {
    rowSquaresDelta: new Float64Array(rowCount),
    rowSquaresA: new Float64Array(rowCount),
    columnSquaresDelta: new Float64Array(columnCount),
    cellSquaresDelta: new Float64Array(rowCount * cellsPerRow),
  };
  for (let row = 0; row < rowCount; row++) {
    addRow(sums, row, a.subarray(row * columnCount, (row + 1) * columnCount), b.subarray(row * columnCount), columnsPerCell);
  }
  return sums;
}

function addRow(sums: ProfileSums, row: number, a: Float64Array, b: Float64Array, columnsPerCell: number): void {
  const firstCell = row * Math.ceil(a.length / columnsPerCell);
  let squaresA = 0;
  let squaresDelta = 0;
  for (let column = 0; column < a.length; column++) {
    const x = a[column]!;
    const delta = b[column]! - x;
    if (!Number.isFinite(delta)) continue;
    squaresA += x * x;
    squaresDelta += delta * delta;
    sums.columnSquaresDelta[column]! += delta * delta;
    sums.cellSquaresDelta[firstCell + Math.floor(column / columnsPerCell)]! += delta * delta;
  }
  sums.rowSquaresA[row] = squaresA;
  sums.rowSquaresDelta[row] = squaresDelta;
}
