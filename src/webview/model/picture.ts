import type { DeltaPicture } from '../../compare/report/index.js';
import { formatCount } from '../../base/format.js';

/** The range of rows (or columns) that cell `index` of `cells` stands for, first and last, when `count` are shared out. */
export function blockRange(index: number, cells: number, count: number): { first: number; last: number } {
  const first = Math.floor((index * count) / cells);
  return { first, last: Math.max(first, Math.floor(((index + 1) * count) / cells) - 1) };
}

function rangeText(index: number, cells: number, count: number): string {
  const { first, last } = blockRange(index, cells, count);
  return first === last ? formatCount(first) : `${formatCount(first)}–${formatCount(last)}`;
}

/** `rows 0–31, columns 64–127`, for one cell of the picture. */
export function cellRangeText({ width, height, rowCount, columnCount }: DeltaPicture, cell: number): { rows: string; columns: string } {
  const rows = rangeText(Math.floor(cell / width), height, rowCount);
  return { rows, columns: rangeText(cell % width, width, columnCount) };
}

/** Cells from the most changed to the least. */
export function cellsByChange({ cells }: DeltaPicture): Uint32Array {
  return Uint32Array.from(cells.keys()).sort((one, other) => (cells[other] ?? 0) - (cells[one] ?? 0) || one - other);
}

/** Comma-separated values, full precision, one line for each row of the picture. */
export function pictureCsv({ width, height, cells }: DeltaPicture): string {
  const line = (row: number): string => cells.slice(row * width, (row + 1) * width).join(',');
  return Array.from({ length: height }, (_, row) => `${line(row)}\n`).join('');
}
