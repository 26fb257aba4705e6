import { html, nothing, type TemplateResult } from 'lit';
import type { GridColumn, GridSort } from './gridTemplates.js';

/** What can be done with the columns of a grid; null for what cannot. */
export interface HeaderActions {
  readonly sortBy: ((id: string) => void) | null;
  /** To a width in pixels. */
  readonly resize: ((id: string, width: number) => void) | null;
  /** Into the place of another column. */
  readonly move: ((id: string, place: string) => void) | null;
  readonly menu: ((id: string, event: MouseEvent) => void) | null;
}

const dragType = 'application/x-model-rebase-column';

/** A column's header: a button that sorts, an edge that resizes, and all of it to be dragged into another's place. */
export function renderHeaderCell(column: GridColumn, sort: GridSort | null, actions: HeaderActions): TemplateResult {
  const { sortBy, move, menu, resize } = actions;
  const sorted = sort?.column === column.id ? sort : null;
  const direction = sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none';
  const arrow = sorted ? html`<span aria-hidden="true">${sorted.descending ? '▾' : '▴'}</span>` : nothing;
  const label = html`<span class="label">${column.label}</span>${arrow}`;
  return html`<div
    role="columnheader"
    class=${column.numeric ? 'numeric' : ''}
    title=${column.meaning}
    aria-sort=${sortBy ? direction : nothing}
    @contextmenu=${menu && ((event: MouseEvent) => menu(column.id, event))}
    @dragover=${move && ((event: DragEvent) => allowDrop(event))}
    @drop=${move && ((event: DragEvent) => drop(event, column.id, move))}
  >
    ${
      sortBy
        ? html`<button
            draggable=${move ? 'true' : 'false'}
            @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(dragType, column.id)}
            @click=${() => sortBy(column.id)}
          >
            ${label}
          </button>`
        : label
    }
    ${resize ? renderEdge(column.id, resize) : nothing}
  </div>`;
}

function allowDrop(event: DragEvent): void {
  if (event.dataTransfer?.types.includes(dragType)) event.preventDefault();
}

function drop(event: DragEvent, place: string, move: (id: string, place: string) => void): void {
  const id = event.dataTransfer?.getData(dragType) ?? '';
  event.preventDefault();
  if (id !== '') move(id, place);
}

/** For the pointer alone: with the keyboard, the menu of columns makes them wider and narrower. */
function renderEdge(id: string, resize: (id: string, width: number) => void): TemplateResult {
  const onMove = (event: PointerEvent): void => {
    const edge = event.currentTarget as HTMLElement;
    const cell = edge.parentElement;
    if (cell && edge.hasPointerCapture(event.pointerId)) resize(id, event.clientX - cell.getBoundingClientRect().left);
  };
  return html`<span
    class="edge"
    aria-hidden="true"
    @pointerdown=${(event: PointerEvent) => (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)}
    @pointermove=${onMove}
  ></span>`;
}
