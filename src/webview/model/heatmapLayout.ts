import type { CellPosition } from './heatmap.js';
import { visibleRows, type RowWindow } from './windowing.js';

/** Where the parts of the heat map are, in CSS pixels of the whole (unscrolled) drawing. */
export interface HeatmapLayout {
  /** Width of the row labels and height of the column labels; both stay in view. */
  readonly gutter: number;
  readonly header: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  readonly scrollLeft: number;
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelSizes {
  readonly widestRow: number;
  readonly widestColumn: number;
}

const slant = Math.SQRT1_2;
const widestGutter = 160;
const longestColumnLabel = 120;
const cellWidths = { least: 16, most: 54 };
const cellHeight = 17;
/** Slanted labels lean out over the last column. */
const overhang = 12;

/** Cells share the width that is there, within sensible bounds; what does not fit scrolls. */
export function layOutHeatmap(rows: number, columns: number, labels: LabelSizes, available: number): HeatmapLayout {
  const gutter = Math.ceil(Math.min(widestGutter, labels.widestRow) + 12);
  const labelLength = Math.min(longestColumnLabel, labels.widestColumn) * slant;
  const lean = Math.ceil(labelLength) + overhang;
  const free = (available - gutter - lean) / Math.max(1, columns);
  const cellWidth = Math.floor(Math.max(cellWidths.least, Math.min(cellWidths.most, free)));
  const header = Math.ceil(labelLength) + 16;
  return { gutter, header, cellWidth, cellHeight, width: gutter + columns * cellWidth + lean, height: header + rows * cellHeight + 2 };
}

/** Column and row ranges that the viewport shows. */
export function visibleCells(
  layout: HeatmapLayout,
  viewport: Viewport,
  rows: number,
  columns: number,
): { rows: RowWindow; columns: RowWindow } {
  return {
    rows: visibleRows(viewport.scrollTop, viewport.height, layout.cellHeight, rows, 1),
    columns: visibleRows(viewport.scrollLeft, viewport.width, layout.cellWidth, columns, 8),
  };
}

/** The cell at a point of the viewport; null beside the cells and on labels. */
export function cellAt(
  layout: HeatmapLayout,
  viewport: Viewport,
  x: number,
  y: number,
  rows: number,
  columns: number,
): CellPosition | null {
  if (x < layout.gutter || y < layout.header) return null;
  const column = Math.floor((x - layout.gutter + viewport.scrollLeft) / layout.cellWidth);
  const row = Math.floor((y - layout.header + viewport.scrollTop) / layout.cellHeight);
  return row < rows && column < columns ? { row, column } : null;
}

/** Top left corner of a cell in the viewport. */
export function cellOrigin(layout: HeatmapLayout, viewport: Viewport, { row, column }: CellPosition): { x: number; y: number } {
  return {
    x: layout.gutter + column * layout.cellWidth - viewport.scrollLeft,
    y: layout.header + row * layout.cellHeight - viewport.scrollTop,
  };
}

/** The nearest scroll offset at which `[start, start + size)` lies inside `extent` pixels. */
export function scrollIntoView(start: number, size: number, offset: number, extent: number): number {
  if (start < offset) return start;
  return Math.max(offset, start + size - extent);
}
