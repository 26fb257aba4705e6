import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { rowAfterKey, scrollToShow, visibleRows } from '../model/windowing.js';
import { gridStyles } from './gridStyles.js';
import { type HeaderActions, renderHeaderCell } from './gridHeader.js';
import { type GridColumn, type GridRow, type GridSort, gridTracks, renderGridRow } from './gridTemplates.js';
import type { MenuPlace } from './contextMenu.js';
import { baseStyles, statusStyles } from './styles.js';

export const gridRowHeight = 22;
const headerHeight = 24;

export interface ColumnResize {
  readonly id: string;
  /** Pixels. */
  readonly width: number;
}

export interface ColumnMove {
  readonly id: string;
  /** The column whose place it takes. */
  readonly place: string;
}

export interface ColumnMenu extends MenuPlace {
  readonly id: string;
}

export interface RowMenu extends MenuPlace {
  readonly row: number;
}

/**
 * A table of which only the visible rows exist, so that its length does not matter. One tab stop; arrow keys move the
 * active row. Fires `row-active` and `row-open` with the row number, `sort-by` with the column, `grid-key` for keys that
 * are not its own, `grid-scroll` with the position, and `row-point` with the row under the pointer or null. Where columns can be arranged, also `column-resize`, `column-move` and
 * `column-menu`; where rows have menus, `row-menu`.
 */
@customElement('rebase-grid')
export class Grid extends LitElement {
  static override styles = [baseStyles, statusStyles, gridStyles];

  @property({ attribute: false }) columns: readonly GridColumn[] = [];
  @property({ attribute: false }) rowCount = 0;
  @property({ attribute: false }) renderRow: (row: number) => GridRow = () => ({ cells: [] });
  @property({ attribute: false }) sort: GridSort | null = null;
  @property({ attribute: false }) sortable = false;
  /** Columns can be resized, moved, and have a menu. */
  @property({ attribute: false }) arrangeable = false;
  @property({ attribute: false }) hasRowMenus = false;
  @property({ attribute: false }) active = -1;
  @property() label = '';
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

  private setTracks(): void {
    this.style.setProperty('--columns', gridTracks(this.columns));
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
    if (event.target !== this.viewport) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const page = Math.max(1, Math.floor(this.viewportHeight / gridRowHeight) - 1);
    const next = plain ? rowAfterKey(event.key, this.active, this.rowCount, page) : null;
    if (next !== null && this.rowCount > 0) {
      event.preventDefault();
      this.reveal(next);
      this.send('row-active', next);
    } else if (event.key === 'Enter' && this.active >= 0) {
      event.preventDefault();
      this.send('row-open', this.active);
    } else if (this.hasRowMenus && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault();
      this.openActiveMenu();
    } else this.send('grid-key', event);
  }

  private headerActions(): HeaderActions {
    const sortBy = this.sortable ? (id: string): void => this.send('sort-by', id) : null;
    if (!this.arrangeable) return { sortBy, resize: null, move: null, menu: null };
    return {
      sortBy,
      resize: (id, width) => this.send('column-resize', { id, width } satisfies ColumnResize),
      move: (id, place) => this.send('column-move', { id, place } satisfies ColumnMove),
      menu: (id, event) => {
        event.preventDefault();
        this.send('column-menu', { id, x: event.clientX, y: event.clientY } satisfies ColumnMenu);
      },
    };
  }

  private onRowMenu(event: MouseEvent, row: number): void {
    event.preventDefault();
    this.send('row-menu', { row, x: event.clientX, y: event.clientY } satisfies RowMenu);
  }

  /** The menu key is about the active row. */
  private openActiveMenu(): void {
    const box = this.renderRoot.querySelector(`#row-${this.active}`)?.getBoundingClientRect();
    if (box) this.send('row-menu', { row: this.active, x: box.left + 24, y: box.bottom } satisfies RowMenu);
  }

  private renderHeader(): TemplateResult {
    const actions = this.headerActions();
    const cells = this.columns.map((column) => renderHeaderCell(column, this.sort, actions));
    return html`<div class="header" role="row" aria-rowindex="1">${cells}</div>`;
  }

  private renderRows(first: number, end: number): TemplateResult[] {
    return Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
      const position = first + offset;
      return renderGridRow(this.columns, this.renderRow(position), position, position === this.active, {
        open: () => this.send('row-open', position),
        point: () => this.send('row-point', position),
        menu: this.hasRowMenus ? (event) => this.onRowMenu(event, position) : null,
      });
    });
  }

  override render(): TemplateResult {
    const { first, end } = this.window;
    return html`<div
      class="viewport"
      role=${this.tree ? 'treegrid' : 'grid'}
      tabindex="0"
      aria-label=${this.label}
      aria-rowcount=${this.rowCount + 1}
      aria-colcount=${this.columns.length}
      aria-activedescendant=${this.active >= first && this.active < end ? `row-${this.active}` : nothing}
      @pointerleave=${() => this.send('row-point', null)}
      @scroll=${() => this.onScroll()}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      ${this.renderHeader()} ${this.rowCount === 0 ? html`<p class="empty muted">${this.emptyText}</p>` : nothing}
      <div class="rows" role="rowgroup"><div class="window" role="presentation">${this.renderRows(first, end)}</div></div>
    </div>`;
  }
}
