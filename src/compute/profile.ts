import { LargestRows } from './largestRows.js';
import type { ProfileGrid, ProfileSums } from './task.js';

/**
 * Sums of Δ² over whole rows of a matrix, by groups of rows, columns and cells, and the rows that changed most.
 * @param a values of A, row-major; a whole number of rows of `grid.columnCount`
 * @param b values of B at the same positions
 * @param firstRow number of the first of these rows in the whole matrix
 */
export function profileRows(a: Float64Array, b: Float64Array, firstRow: number, grid: ProfileGrid): ProfileSums {
  const { columnCount, columnsPerCell, rowsPerCell, rowsPerEntry, maxRows } = grid;
  const rowCount = columnCount === 0 ? 0 : a.length / columnCount;
  const cellsPerRow = Math.ceil(columnCount / columnsPerCell);
  const [intoEntry, intoCell] = [firstRow % rowsPerEntry, firstRow % rowsPerCell];
  const sums = {
    entrySquaresDelta: new Float64Array(groupsOf(intoEntry, rowCount, rowsPerEntry)),
    columnSquaresDelta: new Float64Array(columnCount),
    cellSquaresDelta: new Float64Array(groupsOf(intoCell, rowCount, rowsPerCell) * cellsPerRow),
  };
  const largest = new LargestRows(maxRows);
  for (let row = 0; row < rowCount; row++) {
    const firstCell = Math.floor((intoCell + row) / rowsPerCell) * cellsPerRow;
    const squaresDelta = addRow(sums, firstCell, a, b, row * columnCount, columnsPerCell);
    sums.entrySquaresDelta[Math.floor((intoEntry + row) / rowsPerEntry)]! += squaresDelta;
    if (squaresDelta > largest.threshold) largest.add(firstRow + row, squaresDelta, squaresOfA(a, b, row * columnCount, columnCount));
  }
  return { ...sums, largestRows: largest.inOrder() };
}

/** Groups that some rows are in, the first of which is row `into` of its group. */
function groupsOf(into: number, rowCount: number, rowsPerGroup: number): number {
  return rowCount === 0 ? 0 : Math.ceil((into + rowCount) / rowsPerGroup);
}

type Sums = Omit<ProfileSums, 'largestRows' | 'entrySquaresDelta'>;

/** @returns Σ Δ² of the row whose values start at `start`; positions where a value is not finite count as unchanged */
function addRow(sums: Sums, firstCell: number, a: Float64Array, b: Float64Array, start: number, columnsPerCell: number): number {
  const { columnSquaresDelta: columns, cellSquaresDelta: cells } = sums;
  let squaresDelta = 0;
  for (let first = 0, cell = firstCell; first < columns.length; first += columnsPerCell, cell++) {
    const end = Math.min(first + columnsPerCell, columns.length);
    let sum = 0;
    for (let column = first; column < end; column++) {
      const delta = b[start + column]! - a[start + column]!;
      if (!Number.isFinite(delta)) continue;
      sum += delta * delta;
      columns[column]! += delta * delta;
    }
    cells[cell]! += sum;
    squaresDelta += sum;
  }
  return squaresDelta;
}

/** Σ A² where both values are finite. */
function squaresOfA(a: Float64Array, b: Float64Array, start: number, count: number): number {
  let squares = 0;
  for (let i = start; i < start + count; i++) if (Number.isFinite(b[i]! - a[i]!)) squares += a[i]! * a[i]!;
  return squares;
}
