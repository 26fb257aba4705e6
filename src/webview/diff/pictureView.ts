import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DeltaPicture } from '../../compare/report/index.js';
import { formatCount, formatNumber } from '../../base/format.js';
import { cellRangeText, cellsByChange, pictureCsv } from '../model/picture.js';
import { fitScale, type Scale } from '../model/scale.js';
import type { GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { onThemeChange, themeRamp } from '../shared/theme.js';
import { figureStyles } from './figureStyles.js';
import './legend.js';
import { paintPicture } from './picturePaint.js';

const columns = [
  { id: 'rows', label: 'Rows', meaning: 'Rows of the tensor in this block', numeric: false, width: 110, grow: 1 },
  { id: 'columns', label: 'Columns', meaning: 'Columns of the tensor in this block', numeric: false, width: 110, grow: 1 },
  { id: 'value', label: 'RMS of Δ', meaning: 'Root mean square of Δ over the block', numeric: true, width: 90, grow: 0 },
];

/** A picture of Δ: each cell a block of the tensor. Behind it the blocks as a table, and as CSV for the clipboard. */
@customElement('rebase-picture')
export class PictureView extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    figureStyles,
    css`
      canvas {
        display: block;
        width: 100%;
        max-height: 280px;
        image-rendering: pixelated;
        background: var(--vscode-editorWidget-background);
        border: 1px solid var(--line);
      }
      rebase-grid {
        height: 260px;
        border: 1px solid var(--line);
      }
      rebase-legend {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) picture!: DeltaPicture;
  @state() private asTable = false;
  @state() private note = '';
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  private scale: Scale | null = null;
  private order: Uint32Array = new Uint32Array();
  private undo: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.undo = onThemeChange(() => this.paint());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('picture')) return;
    this.scale = fitScale(this.picture.cells);
    this.order = cellsByChange(this.picture);
    this.note = '';
  }

  protected override updated(): void {
    this.paint();
  }

  private paint(): void {
    if (this.canvas) paintPicture(this.canvas, this.picture, this.scale, themeRamp());
  }

  private readonly renderRow = (position: number): GridRow => {
    const cell = this.order[position] ?? 0;
    const { rows, columns } = cellRangeText(this.picture, cell);
    return { cells: [rows, columns, formatNumber(this.picture.cells[cell] ?? null)] };
  };

  private onMove(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const { width, height, cells } = this.picture;
    const column = Math.min(width - 1, Math.floor(((event.clientX - box.left) / box.width) * width));
    const row = Math.min(height - 1, Math.floor(((event.clientY - box.top) / box.height) * height));
    const ranges = cellRangeText(this.picture, row * width + column);
    this.note = `rows ${ranges.rows}, columns ${ranges.columns}: ${formatNumber(cells[row * width + column] ?? null)}`;
  }

  private async copyCsv(): Promise<void> {
    await navigator.clipboard.writeText(pictureCsv(this.picture));
    this.note = 'Copied as CSV';
  }

  private renderCanvas(): TemplateResult {
    const { rowCount, columnCount } = this.picture;
    return html`<canvas
        role="img"
        aria-label="Root mean square of the difference over ${formatCount(rowCount)} rows and ${formatCount(columnCount)} columns"
        @pointermove=${(event: PointerEvent) => this.onMove(event)}
        @pointerleave=${() => (this.note = '')}
      ></canvas>
      <rebase-legend bare .scale=${this.scale} metric="maxAbsDelta"></rebase-legend>`;
  }

  override render(): TemplateResult {
    const { width, height, rowCount, columnCount, cells } = this.picture;
    const blocks = `${width} × ${height} blocks of ${formatCount(columnCount)} columns × ${formatCount(rowCount)} rows`;
    return html`<div class="caption">
        <h3>Picture of Δ</h3>
        <span class="muted" role="status">${this.note || blocks}</span>
        <button class="action" aria-label="Copy picture as CSV" title="Copy as CSV" @click=${() => this.copyCsv()}>${icon('copy')}</button>
        ${renderTableButton(this.asTable, () => (this.asTable = !this.asTable), 'picture')}
      </div>
      ${
        this.asTable
          ? html`<rebase-grid
              label="Blocks of the picture"
              .columns=${columns}
              .rowCount=${cells.length}
              .renderRow=${this.renderRow}
            ></rebase-grid>`
          : this.renderCanvas()
      }`;
  }
}
