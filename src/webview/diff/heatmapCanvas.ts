import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  cellAfterKey,
  type CellPosition,
  cellIndex,
  describeCell,
  groupFacts,
  type Heatmap,
  type HeatmapValues,
} from '../model/heatmap.js';
import { cellOrigin } from '../model/heatmapLayout.js';
import type { Metric } from '../model/metric.js';
import { baseStyles } from '../shared/styles.js';
import { onThemeChange } from '../shared/theme.js';
import { renderTooltip, tooltipStyles } from '../shared/tooltip.js';
import { HeatmapDrawing } from './heatmapDrawing.js';

/**
 * Layers × modules as a picture. One tab stop; arrow keys move the focus cell and a hidden grid cell tells screen
 * readers what it holds. Fires `choose-cell` with the position on click, Enter or Space, and `point-cell` with the one under the pointer.
 */
@customElement('rebase-heatmap-canvas')
export class HeatmapCanvas extends LitElement {
  static override styles = [
    baseStyles,
    tooltipStyles,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 0;
      }
      .scroller {
        position: absolute;
        inset: 0;
        overflow: auto;
        contain: strict;
      }
      .scroller:focus-visible {
        outline: none;
      }
      .scroller:focus-visible + .ring {
        position: absolute;
        inset: 0;
        border: 1px solid var(--focus);
        pointer-events: none;
      }
      canvas {
        display: block;
        position: sticky;
        inset: 0 auto auto 0;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: Heatmap;
  @property({ attribute: false }) values!: HeatmapValues;
  @property() metric: Metric = 'relativeChange';
  @property({ attribute: false }) chosen: CellPosition | null = null;
  /** The cell that is pointed at elsewhere: in the profile or in the table. */
  @property({ attribute: false }) pointed: CellPosition | null = null;
  @state() private focusCell: CellPosition | null = null;
  @state() private hoverCell: CellPosition | null = null;
  @query('.scroller') private scroller!: HTMLElement;
  @query('.extent') private extent!: HTMLElement;
  @query('canvas') private canvas!: HTMLCanvasElement;
  private drawing: HeatmapDrawing | null = null;
  private undo: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver(() => this.fit());
    void this.updateComplete.then(() => resize.observe(this.scroller));
    this.undo = [() => resize.disconnect(), onThemeChange(() => this.fit())];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const undo of this.undo) undo();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('heatmap')) this.fit();
    this.drawing?.paint(this.values, this.hoverCell ?? this.focusCell ?? this.pointed, this.chosen);
  }

  private fit(): void {
    const { scroller, extent, canvas } = this;
    this.drawing = HeatmapDrawing.fit({ scroller, extent, canvas }, this.heatmap);
    this.requestUpdate();
  }

  private onScroll(): void {
    this.drawing = this.drawing?.scrolled() ?? null;
    this.requestUpdate();
  }

  private hover(position: CellPosition | null): void {
    if (this.hoverCell?.row === position?.row && this.hoverCell?.column === position?.column) return;
    this.hoverCell = position;
    this.dispatchEvent(new CustomEvent('point-cell', { detail: position }));
  }

  private choose(position: CellPosition | null): void {
    if (position && this.heatmap.cells[cellIndex(this.heatmap, position)]) {
      this.focusCell = position;
      this.dispatchEvent(new CustomEvent('choose-cell', { detail: position }));
    }
  }

  private onKey(event: KeyboardEvent): void {
    const from = this.focusCell ?? { row: 0, column: 0 };
    const next = cellAfterKey(event.key, from, this.heatmap.rows.length, this.heatmap.columns.length);
    if (next) this.moveFocus(next);
    else if (event.key === 'Enter' || event.key === ' ') this.choose(from);
    else return;
    event.preventDefault();
  }

  private moveFocus(position: CellPosition): void {
    this.focusCell = position;
    this.hoverCell = null;
    this.drawing?.reveal(position);
  }

  private renderPointed(): TemplateResult | typeof nothing {
    const position = this.hoverCell ?? this.focusCell;
    const group = position && this.heatmap.cells[cellIndex(this.heatmap, position)];
    if (!position || !group || !this.drawing) return nothing;
    const { layout, viewport } = this.drawing;
    const title = `${this.heatmap.rows[position.row]?.label ?? ''} · ${this.heatmap.columns[position.column]?.label ?? ''}`;
    const anchor = { ...cellOrigin(layout, viewport, position), width: layout.cellWidth };
    return renderTooltip(title, groupFacts(group), anchor, viewport);
  }

  /** The focus cell in words, for assistive technology. */
  private renderFocusCell(): TemplateResult | typeof nothing {
    const position = this.focusCell;
    if (!position) return nothing;
    return html`<div class="hidden" role="row" aria-rowindex=${position.row + 1}>
      <div id="focus-cell" role="gridcell" aria-colindex=${position.column + 1} aria-selected="true">
        ${describeCell(this.heatmap, this.metric, position)}
      </div>
    </div>`;
  }

  override render(): TemplateResult {
    return html`<div
        class="scroller"
        role="grid"
        tabindex="0"
        aria-label="Layers by modules. Arrow keys move, Enter filters the table."
        aria-rowcount=${this.heatmap.rows.length}
        aria-colcount=${this.heatmap.columns.length}
        aria-activedescendant=${this.focusCell ? 'focus-cell' : nothing}
        @scroll=${() => this.onScroll()}
        @pointermove=${(event: PointerEvent) => this.hover(this.drawing?.cellUnder(event) ?? null)}
        @pointerleave=${() => this.hover(null)}
        @click=${(event: MouseEvent) => this.choose(this.drawing?.cellUnder(event) ?? null)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @focus=${() => (this.focusCell ??= { row: 0, column: 0 })}
        @blur=${() => (this.focusCell = null)}
      >
        ${this.renderFocusCell()}
        <div class="extent" role="presentation"><canvas aria-hidden="true"></canvas></div>
      </div>
      <div class="ring"></div>
      ${this.renderPointed()}`;
  }
}
