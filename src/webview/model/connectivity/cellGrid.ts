import type { CellPosition } from '../heatmap.js';

/** Where the cells of a picture stand, in pixels. */
export interface CellGrid {
  readonly rows: number;
  readonly columns: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export interface CellMargins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly mostWidth: number;
  readonly mostHeight: number;
}

/** Cells that share the room between the margins, up to a largest size. */
export function layOutCells(
  size: { readonly width: number; readonly height: number },
  rows: number,
  columns: number,
  margins: CellMargins,
): CellGrid {
  const { left, right, top, bottom, mostWidth, mostHeight } = margins;
  const share = (room: number, count: number, most: number): number => Math.max(4, Math.min(most, room / Math.max(1, count)));
  return {
    rows,
    columns,
    left,
    top,
    cellWidth: share(size.width - left - right, columns, mostWidth),
    cellHeight: share(size.height - top - bottom, rows, mostHeight),
  };
}

/** Top left corner of a cell. */
export function originOf(
  { left, top, cellWidth, cellHeight }: CellGrid,
  { row, column }: CellPosition,
): { readonly x: number; readonly y: number } {
  return { x: left + column * cellWidth, y: top + row * cellHeight };
}

/** How far a box is to be scrolled so that what lies from `start` to `end` is seen in it. */
export function scrolledTo(scroll: number, view: number, start: number, end: number): number {
  if (start < scroll) return Math.max(0, start);
  return end > scroll + view ? end - view : scroll;
}

/** The cell at a place in the picture; null beside all of them. */
export function cellUnder({ rows, columns, left, top, cellWidth, cellHeight }: CellGrid, x: number, y: number): CellPosition | null {
  const [column, row] = [Math.floor((x - left) / cellWidth), Math.floor((y - top) / cellHeight)];
  return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
}
