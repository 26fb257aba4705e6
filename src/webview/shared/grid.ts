import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { rowAfterKey, scrollToShow, visibleRows } from '../model/windowing.js';
import { gridStyles } from './gridStyles.js';
import { baseStyles, statusStyles } from './styles.js';

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
  /** For rows of a tree. */
  readonly level?: number;
  readonly expanded?: boolean;
}

export interface GridSort {
  readonly column: string;
  readonly descending: boolean;
}

export const gridRowHeight = 22;
const headerHeight = 24;

/**
 * A table of which only the visible rows exist, so that its length does not matter. One tab stop; arrow keys move the
 * active row. Fires `row-active` and `row-open` with the row number, `sort-by` with the column, `grid-key` for keys that
 * are not its own, and `grid-scroll` with the position.
 */
@customElement('rebase-grid')
export class Grid extends LitElement {
  static override styles = [baseStyles, statusStyles, gridStyles];

  @property({ attribute: false }) columns: readonly GridColumn[] = [];
  @property({ attribute: false }) rowCount = 0;
  @property({ attribute: false }) renderRow: (row: number) => GridRow = () => ({ cells: [] });
  @property({ attribute: false }) sort: GridSort | null = null;
  @property({ attribute: false }) sortable = false;
  @property({ attribute: false }) active = -1;
  @property({ attribute: false }) label = '';
  /** Applied once, when the first rows are there. */
  @property({ attribute: false }) initialScrollTop = 0;
  @property({ attribute: false }) emptyText = 'Nothing to show.';
  @property({ attribute: false }) tree = false;

  @state() private scrollTopNow = 0;
  @state() private viewportHeight = 0;
  @query('.viewport') private viewport!: HTMLElement;
  private resize: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => (this.viewportHeight = this.viewport.clientHeight - headerHeight));
    void this.updateComplete.then(() => this.resize?.observe(this.viewport));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  /** Brings a row into view. */
  reveal(row: number): void {
    this.viewport.scrollTop = scrollToShow(row, this.viewport.scrollTop, this.viewportHeight, gridRowHeight);
  }

  scrollToTop(): void {
    this.viewport.scrollTop = 0;
  }

  override focus(): void {
    this.viewport.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('columns')) this.setTracks();
    if (changed.has('rowCount')) this.style.setProperty('--rows-height', `${this.rowCount * gridRowHeight}px`);
    this.style.setProperty('--window-top', `${this.window.first * gridRowHeight}px`);
    if (this.initialScrollTop > 0 && this.rowCount > 0 && this.viewportHeight > 0) {
      this.viewport.scrollTop = this.initialScrollTop;
      this.initialScrollTop = 0;
    }
  }

  /** Every row is a grid of its own, so the tracks must not depend on contents. */
  private setTracks(): void {
    const tracks = this.columns.map(({ width, grow }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
    this.style.setProperty('--columns', tracks.join(' '));
    this.style.setProperty('--least-width', `${this.columns.reduce((sum, { width }) => sum + width, 0)}px`);
  }

  private get window() {
    return visibleRows(this.scrollTopNow, this.viewportHeight, gridRowHeight, this.rowCount);
  }

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private onScroll(): void {
    this.scrollTopNow = this.viewport.scrollTop;
    this.send('grid-scroll', this.scrollTopNow);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.viewport || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.viewportHeight / gridRowHeight) - 1);
    const next = rowAfterKey(event.key, this.active, this.rowCount, page);
    if (next !== null && this.rowCount > 0) {
      event.preventDefault();
      this.reveal(next);
      this.send('row-active', next);
    } else if (event.key === 'Enter' && this.active >= 0) {
      event.preventDefault();
      this.send('row-open', this.active);
    } else this.send('grid-key', event);
  }

  private renderHeader(column: GridColumn): TemplateResult {
    const sort = this.sort?.column === column.id ? this.sort : null;
    const direction = sort ? (sort.descending ? 'descending' : 'ascending') : 'none';
    const arrow = sort ? html`<span class="sort" aria-hidden="true">${sort.descending ? '▾' : '▴'}</span>` : nothing;
    const label = html`<span class="label">${column.label}</span>${arrow}`;
    const content = this.sortable ? html`<button @click=${() => this.send('sort-by', column.id)}>${label}</button>` : label;
    return html`<div
      role="columnheader"
      class=${column.numeric ? 'numeric' : ''}
      title=${column.meaning}
      aria-sort=${this.sortable ? direction : nothing}
    >
      ${content}
    </div>`;
  }

  private renderCells({ cells, classes }: GridRow): TemplateResult[] {
    return this.columns.map((column, index) => {
      const text = cells[index] ?? '';
      const hint = typeof text === 'string' ? text : nothing;
      return html`<div role="gridcell" class="${column.numeric ? 'numeric' : ''} ${classes?.[index] ?? ''}" title=${hint}>${text}</div>`;
    });
  }

  private renderOne(row: number): TemplateResult {
    const content = this.renderRow(row);
    return html`<div
      role="row"
      id="row-${row}"
      class="row ${content.level ? `level-${content.level}` : ''}"
      aria-rowindex=${row + 2}
      aria-selected=${row === this.active}
      aria-level=${content.level ?? nothing}
      aria-expanded=${content.expanded ?? nothing}
      @click=${() => this.send('row-open', row)}
    >
      ${this.renderCells(content)}
    </div>`;
  }

  override render(): TemplateResult {
    const { first, end } = this.window;
    const rows = Array.from({ length: Math.max(0, end - first) }, (_, offset) => this.renderOne(first + offset));
    return html`<div
      class="viewport"
      role=${this.tree ? 'treegrid' : 'grid'}
      tabindex="0"
      aria-label=${this.label}
      aria-rowcount=${this.rowCount + 1}
      aria-colcount=${this.columns.length}
      aria-activedescendant=${this.active >= first && this.active < end ? `row-${this.active}` : nothing}
      @scroll=${() => this.onScroll()}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      <div class="header" role="row" aria-rowindex="1">${this.columns.map((column) => this.renderHeader(column))}</div>
      ${this.rowCount === 0 ? html`<p class="empty muted">${this.emptyText}</p>` : nothing}
      <div class="rows" role="rowgroup"><div class="window" role="presentation">${rows}</div></div>
    </div>`;
  }
}
