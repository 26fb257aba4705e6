import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { cellAfterKey, type CellPosition, cellIndex, describeCell, groupFacts, type Heatmap, type HeatmapValues } from '../model/heatmap.js';
import { cellAt, cellOrigin, type HeatmapLayout, layOutHeatmap, scrollIntoView, type Viewport } from '../model/heatmapLayout.js';
import type { Metric } from '../model/metric.js';
import { baseStyles } from '../shared/styles.js';
import { onThemeChange, themeColor, themeRamp } from '../shared/theme.js';
import { heatmapTooltipStyles, renderTooltip } from './heatmapTooltip.js';
import { type HeatmapColors, paintHeatmap } from './heatmapPaint.js';

const noViewport: Viewport = { scrollLeft: 0, scrollTop: 0, width: 0, height: 0 };

/**
 * Layers × modules as a picture. One tab stop; arrow keys move the focus cell and a hidden grid cell tells screen
 * readers what it holds. Fires `choose-cell` with the position on click, Enter or Space.
 */
@customElement('rebase-heatmap-canvas')
export class HeatmapCanvas extends LitElement {
  static override styles = [
    baseStyles,
    heatmapTooltipStyles,
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
  @state() private focusCell: CellPosition | null = null;
  @state() private hoverCell: CellPosition | null = null;
  @query('.scroller') private scroller!: HTMLElement;
  @query('.extent') private extent!: HTMLElement;
  @query('canvas') private canvas!: HTMLCanvasElement;
  private viewport = noViewport;
  private layout: HeatmapLayout | null = null;
  private colors: HeatmapColors | null = null;
  private undo: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver(() => this.measure());
    void this.updateComplete.then(() => resize.observe(this.scroller));
    const forgetColors = (): void => {
      this.colors = null;
      this.requestUpdate();
    };
    this.undo = [() => resize.disconnect(), onThemeChange(forgetColors)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const undo of this.undo) undo();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('heatmap')) this.measure();
    this.paint();
  }

  private readColors(): HeatmapColors {
    return {
      ramp: themeRamp(),
      background: themeColor('--vscode-editor-background'),
      text: themeColor('--vscode-foreground'),
      muted: themeColor('--vscode-descriptionForeground'),
      focus: themeColor('--vscode-focusBorder'),
      font: `11px ${themeColor('--vscode-font-family', 'sans-serif')}`,
    };
  }

  /** Fits the drawing to the room there is. */
  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.scroller;
    const context = this.canvas.getContext('2d');
    if (!context || width === 0) return;
    this.colors ??= this.readColors();
    context.font = this.colors.font;
    const widest = (entries: readonly { label: string }[]): number =>
      entries.reduce((most, { label }) => Math.max(most, context.measureText(label).width), 0);
    const labels = { widestRow: widest(this.heatmap.rows), widestColumn: widest(this.heatmap.columns) };
    this.layout = layOutHeatmap(this.heatmap.rows.length, this.heatmap.columns.length, labels, width);
    this.extent.style.width = `${Math.max(this.layout.width, width)}px`;
    this.extent.style.height = `${Math.max(this.layout.height, height)}px`;
    this.sizeCanvas(width, height);
    this.readScroll();
  }

  private sizeCanvas(width: number, height: number): void {
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
  }

  private readScroll(): void {
    const { scrollLeft, scrollTop, clientWidth: width, clientHeight: height } = this.scroller;
    this.viewport = { scrollLeft, scrollTop, width, height };
    this.requestUpdate();
  }

  private paint(): void {
    const context = this.canvas.getContext('2d');
    if (!context || !this.layout) return;
    this.colors ??= this.readColors();
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const { heatmap, values, layout, viewport, colors, chosen } = this;
    paintHeatmap(context, { heatmap, values, layout, viewport, colors, chosen, pointed: this.hoverCell ?? this.focusCell });
  }

  private positionOf(event: MouseEvent): CellPosition | null {
    if (!this.layout) return null;
    const box = this.scroller.getBoundingClientRect();
    const { rows, columns } = this.heatmap;
    return cellAt(this.layout, this.viewport, event.clientX - box.left, event.clientY - box.top, rows.length, columns.length);
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
    if (!this.layout) return;
    const { cellWidth, cellHeight, gutter, header } = this.layout;
    const { width, height, scrollLeft, scrollTop } = this.viewport;
    this.scroller.scrollLeft = scrollIntoView(position.column * cellWidth, cellWidth, scrollLeft, width - gutter);
    this.scroller.scrollTop = scrollIntoView(position.row * cellHeight, cellHeight, scrollTop, height - header);
  }

  private renderPointed(): TemplateResult | typeof nothing {
    const position = this.hoverCell ?? this.focusCell;
    const group = position && this.heatmap.cells[cellIndex(this.heatmap, position)];
    if (!position || !group || !this.layout) return nothing;
    const title = `${this.heatmap.rows[position.row]?.label ?? ''} · ${this.heatmap.columns[position.column]?.label ?? ''}`;
    return renderTooltip(title, groupFacts(group), cellOrigin(this.layout, this.viewport, position), this.layout, this.viewport);
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
        @scroll=${() => this.readScroll()}
        @pointermove=${(event: PointerEvent) => (this.hoverCell = this.positionOf(event))}
        @pointerleave=${() => (this.hoverCell = null)}
        @click=${(event: MouseEvent) => this.choose(this.positionOf(event))}
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
