/** Which rows of a long list must exist, and where to scroll. All lengths in pixels. */

export interface RowWindow {
  readonly first: number;
  /** One past the last row. */
  readonly end: number;
}

/** Rows that overlap the viewport, and a few on each side so that a scroll step never shows a gap. */
export function visibleRows(scrollTop: number, viewportHeight: number, rowHeight: number, rowCount: number, overscan = 6): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(rowCount, Math.ceil((scrollTop + viewportHeight) / rowHeight) + overscan);
  return { first: Math.min(first, Math.max(0, rowCount - 1)), end };
}

/** The scroll position nearest to `scrollTop` at which a row is wholly visible. */
export function scrollToShow(row: number, scrollTop: number, viewportHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - viewportHeight);
}

/** Where a key of a list moves the active row; null for keys that do not move. `-1` stands for no active row. */
export function rowAfterKey(key: string, active: number, rowCount: number, pageSize: number): number | null {
  const clamp = (row: number): number => Math.max(0, Math.min(rowCount - 1, row));
  switch (key) {
    case 'ArrowDown':
      return clamp(active + 1);
    case 'ArrowUp':
      return clamp(active - 1);
    case 'PageDown':
      return clamp(active + pageSize);
    case 'PageUp':
      return clamp(active - pageSize);
    case 'Home':
      return 0;
    case 'End':
      return clamp(rowCount - 1);
    default:
      return null;
  }
}
