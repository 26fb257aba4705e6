import { html, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { cellAfterKey, type CellPosition } from '../model/heatmap.js';
import { type CellGrid, cellUnder, originOf, scrolledTo } from '../model/connectivity/cellGrid.js';
import type { ChartSize } from '../chart/chartLayout.js';
import { renderTooltip } from '../shared/tooltip.js';
import { Figure, isElsewhere } from '../chart/figure.js';

/** What is said of a cell beside it. */
export interface CellNote {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}

/**
 * A picture made of cells. One tab stop; arrow keys move the focus cell, and a hidden grid cell tells screen readers
 * what it holds. Fires `choose-cell` with the position on click, Enter or Space.
 */
export abstract class CellFigure extends Figure {
  @property({ attribute: false }) chosen: CellPosition | null = null;
  @state({ hasChanged: isElsewhere }) private focused: CellPosition | null = null;
  @state({ hasChanged: isElsewhere }) private hovered: CellPosition | null = null;
  @query('.stage') private stage!: HTMLElement | null;

  protected abstract readonly label: string;
  protected abstract get grid(): CellGrid;
  protected abstract noteOf(position: CellPosition): CellNote | null;
  protected abstract describe(position: CellPosition): string;
  /** The picture; `frames` are the cells with focus, pointer or choice, drawn last. */
  protected abstract renderPicture(grid: CellGrid, frames: TemplateResult): TemplateResult;

  /** As large as the element; larger where cells would get too small, which then scroll within it. */
  protected get pictureSize(): ChartSize {
    return this.size;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // A private property is none of the keys that the type of `changed` knows.
    if ((changed as ReadonlyMap<PropertyKey, unknown>).has('focused') && this.focused) this.reveal(this.focused);
  }

  private reveal(position: CellPosition): void {
    const { stage, grid } = this;
    const { x, y } = originOf(grid, position);
    const isFirst = { row: position.row === 0, column: position.column === 0 };
    stage?.scrollTo(
      scrolledTo(stage.scrollLeft, stage.clientWidth, isFirst.column ? 0 : x, x + grid.cellWidth),
      scrolledTo(stage.scrollTop, stage.clientHeight, isFirst.row ? 0 : y, y + grid.cellHeight),
    );
  }

  private positionUnder(event: MouseEvent): CellPosition | null {
    const box = (this.picture ?? this).getBoundingClientRect();
    return cellUnder(this.grid, event.clientX - box.left, event.clientY - box.top);
  }

  private choose(position: CellPosition | null): void {
    if (position && this.noteOf(position)) this.send('choose-cell', position);
  }

  private onKey(event: KeyboardEvent): void {
    const from = this.focused ?? { row: 0, column: 0 };
    const next = cellAfterKey(event.key, from, this.grid.rows, this.grid.columns);
    if (next) [this.focused, this.hovered] = [next, null];
    else if (event.key === 'Enter' || event.key === ' ') this.choose(from);
    else return;
    event.preventDefault();
  }

  private drawFrame(grid: CellGrid, position: CellPosition | null, name: 'pointed' | 'chosen'): TemplateResult {
    if (position === null) return svg``;
    const { x, y } = originOf(grid, position);
    return svg`<rect class=${name} x=${x} y=${y} width=${grid.cellWidth - 1} height=${grid.cellHeight - 1}></rect>`;
  }

  private renderNote(grid: CellGrid): TemplateResult | typeof nothing {
    const position = this.hovered ?? this.focused;
    const note = position && this.noteOf(position);
    if (!position || !note || this.isSilent) return nothing;
    const { x, y } = originOf(grid, position);
    const anchor = { x: x - (this.stage?.scrollLeft ?? 0), y: y - (this.stage?.scrollTop ?? 0), width: grid.cellWidth };
    return renderTooltip(note.title, note.facts, anchor, this.size);
  }

  private renderFocusCell(): TemplateResult | typeof nothing {
    if (!this.focused) return nothing;
    return html`<div class="hidden" role="row" aria-rowindex=${this.focused.row + 1}>
      <div id="focus-cell" role="gridcell" aria-colindex=${this.focused.column + 1} aria-selected="true">
        ${this.describe(this.focused)}
      </div>
    </div>`;
  }

  override render(): TemplateResult {
    if (this.size.width === 0) return html``;
    const grid = this.grid;
    const pointed = this.hovered ?? this.focused;
    const frames = svg`${this.drawFrame(grid, this.chosen, 'chosen')}${this.drawFrame(grid, pointed, 'pointed')}`;
    return html`<div
        class="stage"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-rowcount=${grid.rows}
        aria-colcount=${grid.columns}
        aria-activedescendant=${this.focused ? 'focus-cell' : nothing}
        @pointermove=${(event: PointerEvent) => (this.hovered = this.positionUnder(event))}
        @scroll=${() => this.requestUpdate()}
        @pointerleave=${() => (this.hovered = null)}
        @click=${(event: MouseEvent) => this.choose(this.positionUnder(event))}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @focus=${() => (this.focused ??= this.chosen ?? { row: 0, column: 0 })}
        @blur=${() => (this.focused = null)}
      >
        ${this.renderFocusCell()} ${this.renderPicture(grid, frames)}
      </div>
      ${this.renderNote(grid)}`;
  }
}
