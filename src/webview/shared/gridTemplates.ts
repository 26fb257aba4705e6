import { html, nothing, type TemplateResult } from 'lit';

export interface GridColumn {
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly numeric: boolean;
  /** Least width in pixels. */
  readonly width: number;
  /** Share of the free width it takes; 0 for none. */
  readonly grow: number;
}

/** One row as the grid draws it. Texts are never markup. */
export interface GridRow {
  readonly cells: readonly (string | TemplateResult)[];
  /** Classes of the cells, by column. */
  readonly classes?: readonly string[];
  /** For rows of a tree, from 1. */
  readonly level?: number;
  readonly expanded?: boolean;
  /** Stands out, as if the pointer were on it. */
  readonly isMarked?: boolean;
}

export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

function renderCell(column: GridColumn, content: string | TemplateResult, extraClass: string): TemplateResult {
  const hint = typeof content === 'string' ? content : nothing;
  return html`<div role="gridcell" class="${column.numeric ? 'numeric' : ''} ${extraClass}" title=${hint}>${content}</div>`;
}

interface RowActions {
  readonly open: () => void;
  readonly menu: ((event: MouseEvent) => void) | null;
  readonly point: () => void;
}

/** A row; `position` counts from 0 without the header. */
export function renderGridRow(
  columns: readonly GridColumn[],
  row: GridRow,
  position: number,
  active: boolean,
  { open, menu, point }: RowActions,
): TemplateResult {
  const { cells, classes, level, expanded, isMarked } = row;
  return html`<div
    role="row"
    id="row-${position}"
    class="row ${level ? `level-${level}` : ''} ${isMarked ? 'marked' : ''}"
    aria-rowindex=${position + 2}
    aria-selected=${active}
    aria-level=${level ?? nothing}
    aria-expanded=${expanded ?? nothing}
    @click=${open}
    @contextmenu=${menu}
    @pointerenter=${point}
  >
    ${columns.map((column, index) => renderCell(column, cells[index] ?? '', classes?.[index] ?? ''))}
  </div>`;
}

/** Tracks that do not depend on contents, because every row is a grid of its own. */
export function gridTracks(columns: readonly GridColumn[]): string {
  return columns.map(({ width, grow }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`)).join(' ');
}
