import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DiffView } from '../messages.js';
import type { DiffUiState } from '../model/diffUiState.js';
import { type ColumnLayout, moveColumn, resizeColumn, shownColumns } from '../model/columnLayout.js';
import { defaultColumns, type TensorColumnId, tensorColumns } from '../model/tensorColumns.js';
import { type CellFilter, filterRows, sortRows, type TensorFilter } from '../model/tensorOrder.js';
import '../shared/contextMenu.js';
import type { ContextMenu, MenuPlace } from '../shared/contextMenu.js';
import type { ColumnMenu, ColumnMove, ColumnResize, Grid, RowMenu } from '../shared/grid.js';
import type { GridColumn, GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { baseStyles } from '../shared/styles.js';
import { changedColumns, columnItems } from './columnMenu.js';
import { TensorCells } from './tensorCells.js';
import './tensorFilterBar.js';
import { rowItems, textOfRow } from './tensorMenu.js';

/** These read best from their small end. */
const ascendingFirst: readonly TensorColumnId[] = ['layer', 'name', 'status', 'dtype', 'match', 'cosine'];

/** Pixels below which not all columns are shown by default, and the columns that then are. */
const narrowWidth = 620;
const narrowColumns: readonly TensorColumnId[] = ['layer', 'name', 'relativeChange', 'cosine'];
const narrowNameWidth = 130;

/** A tensor to be shown in the panel of one side's checkpoint. */
export interface TensorToOpen {
  readonly index: number;
  readonly side: 'a' | 'b';
}

/**
 * The table of tensors with its filters. Fires `ui` with the part of the state that a person changed, `scrolled`, and
 * `open-tensor` with a row and a side, and `point-filter` with the layer and module under the pointer.
 */
@customElement('rebase-tensors-view')
export class TensorsView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  @property({ attribute: false }) view!: DiffView;
  @property({ attribute: false }) ui!: DiffUiState;
  /** Why values cannot be read again; null when they can. */
  @property({ attribute: false }) obstacle: string | null = null;
  /** The layer and module under the pointer, here or elsewhere. */
  @property({ attribute: false }) pointed: CellFilter | null = null;
  @query('rebase-grid') private grid!: Grid;
  @query('rebase-context-menu') private menu!: ContextMenu;
  private cells!: TensorCells;
  private columns: readonly GridColumn[] = [];
  private shown: readonly TensorColumnId[] = [];
  @state() private isNarrow = false;
  private arrangedNarrow = false;
  private resize: ResizeObserver | undefined;
  private rows: Uint32Array = new Uint32Array();
  private active = -1;
  /** A new function whenever the rows change, which tells the grid to draw again. */
  private renderRow: (position: number) => GridRow = (position) => this.rowAt(position);

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      if (width > 0) this.isNarrow = width < narrowWidth;
    });
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const reordered = changed.has('view') || this.isReordered(changed);
    if (changed.has('view')) this.cells = new TensorCells(this.view);
    if (reordered) this.arrange();
    const columnsMayDiffer = changed.has('view') || this.isNarrow !== this.arrangedNarrow || changed.get('ui')?.columns !== this.ui.columns;
    if (columnsMayDiffer) this.arrangeColumns();
    if (changed.has('pointed')) this.renderRow = (position) => this.rowAt(position);
    const { selected } = this.ui;
    if (selected !== null && this.rows[this.active] !== selected) this.active = this.rows.indexOf(selected);
    else if (selected === null && reordered) this.active = -1;
  }

  private isReordered(changed: PropertyValues<this>): boolean {
    const previous = changed.get('ui') ?? this.ui;
    return previous.filter !== this.ui.filter || previous.sort !== this.ui.sort;
  }

  private arrange(): void {
    const { table } = this.view;
    this.rows = sortRows(table, filterRows(table, this.ui.filter), this.ui.sort);
    this.renderRow = (position) => this.rowAt(position);
  }

  /** A narrow table shows those that fit, the most telling first, unless a person chose columns. */
  private columnsThatFit(): TensorColumnId[] {
    const shown = shownColumns(this.ui.columns);
    return this.isNarrow && this.ui.columns === defaultColumns ? shown.filter((id) => narrowColumns.includes(id)) : shown;
  }

  private arrangeColumns(): void {
    const { widths } = this.ui.columns;
    this.arrangedNarrow = this.isNarrow;
    this.shown = this.columnsThatFit();
    this.columns = this.shown.map((id) => {
      const width = widths[id] ?? (this.isNarrow && id === 'name' ? narrowNameWidth : undefined);
      const fixed = widths[id] === undefined ? {} : { grow: 0 };
      return { id, ...tensorColumns[id], ...(width === undefined ? {} : { width }), ...fixed };
    });
    this.renderRow = (position) => this.rowAt(position);
  }

  private isPointed(row: number): boolean {
    const { pointed } = this;
    return pointed !== null && this.view.table.layer[row] === pointed.layer && this.view.table.module[row] === pointed.module;
  }

  private point(position: number | null): void {
    const row = position === null ? undefined : this.rows[position];
    const { layer, module } = this.view.table;
    const detail: CellFilter | null = row === undefined ? null : { layer: layer[row] ?? null, module: module[row] ?? null };
    this.dispatchEvent(new CustomEvent('point-filter', { detail }));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.isReordered(changed)) this.grid.scrollToTop();
  }

  override focus(): void {
    this.grid.focus();
  }

  /** Brings the selected tensor into view, where the filter shows it. */
  revealSelected(): void {
    if (this.active >= 0) this.grid.reveal(this.active);
  }

  private patch(part: Partial<DiffUiState>): void {
    this.dispatchEvent(new CustomEvent('ui', { detail: part }));
  }

  private sortBy(column: TensorColumnId): void {
    const { sort } = this.ui;
    this.patch({ sort: { column, descending: sort.column === column ? !sort.descending : !ascendingFirst.includes(column) } });
  }

  private open(position: number): void {
    this.active = position;
    this.patch({ selected: this.rows[position] ?? null, pane: 'detail' });
  }

  /** While details are open they follow the active row. */
  private activate(position: number): void {
    this.active = position;
    if (this.ui.selected !== null) this.open(position);
    else this.requestUpdate();
  }

  private rowAt(position: number): GridRow {
    const row = this.rows[position] ?? 0;
    return { ...this.cells.row(row, this.shown), isMarked: this.isPointed(row) };
  }

  private setColumns(columns: ColumnLayout<TensorColumnId>): void {
    if (columns !== this.ui.columns) this.patch({ columns });
  }

  private openColumnMenu(id: TensorColumnId | null, place: MenuPlace): void {
    const items = columnItems(this.ui.columns, id);
    const choose = (choice: string): void => this.setColumns(changedColumns(this.ui.columns, id, choice));
    void this.menu.open({ label: 'Columns', items, choose }, place, this.grid);
  }

  private openRowMenu({ row: position, x, y }: RowMenu): void {
    const index = this.rows[position] ?? 0;
    const items = rowItems(this.view, index, this.obstacle);
    const choose = (choice: string): void => void this.act(choice, index);
    void this.menu.open({ label: 'Tensor', items, choose }, { x, y }, this.grid);
  }

  private async act(choice: string, index: number): Promise<void> {
    const { table } = this.view;
    const [layer, module] = [table.layer[index] ?? null, table.module[index] ?? null];
    const filterBy = (cell: TensorFilter['cell']): void => this.patch({ filter: { ...this.ui.filter, cell } });
    if (choice === 'copy-name') await navigator.clipboard.writeText(table.names[index] ?? '');
    else if (choice === 'copy-row') await navigator.clipboard.writeText(textOfRow(this.view, index));
    else if (choice === 'module') filterBy({ layer: null, module });
    else if (choice === 'layer') filterBy({ layer, module: null });
    else this.dispatchEvent(new CustomEvent('open-tensor', { detail: { index, side: choice === 'a' ? 'a' : 'b' } satisfies TensorToOpen }));
  }

  override render(): TemplateResult {
    return html`<rebase-tensor-filter-bar
        .view=${this.view}
        .filter=${this.ui.filter}
        .shown=${this.rows.length}
        @column-menu=${({ detail }: CustomEvent<MenuPlace>) => this.openColumnMenu(null, detail)}
        @filter-change=${({ detail }: CustomEvent<Partial<TensorFilter>>) => this.patch({ filter: { ...this.ui.filter, ...detail } })}
      ></rebase-tensor-filter-bar>
      <rebase-grid
        label="Tensors"
        .sortable=${true}
        .arrangeable=${true}
        .hasRowMenus=${true}
        .columns=${this.columns}
        .rowCount=${this.rows.length}
        .renderRow=${this.renderRow}
        .sort=${this.ui.sort}
        .active=${this.active}
        .initialScrollTop=${this.ui.scrollTop}
        .emptyText=${'No tensor passes the filter.'}
        @sort-by=${({ detail }: CustomEvent<TensorColumnId>) => this.sortBy(detail)}
        @column-resize=${({ detail }: CustomEvent<ColumnResize>) =>
          this.setColumns(resizeColumn(this.ui.columns, detail.id as TensorColumnId, detail.width))}
        @column-move=${({ detail }: CustomEvent<ColumnMove>) =>
          this.setColumns(moveColumn(this.ui.columns, detail.id as TensorColumnId, detail.place as TensorColumnId))}
        @column-menu=${({ detail }: CustomEvent<ColumnMenu>) => this.openColumnMenu(detail.id as TensorColumnId, detail)}
        @row-point=${({ detail }: CustomEvent<number | null>) => this.point(detail)}
        @row-menu=${({ detail }: CustomEvent<RowMenu>) => this.openRowMenu(detail)}
        @row-open=${({ detail }: CustomEvent<number>) => this.open(detail)}
        @row-active=${({ detail }: CustomEvent<number>) => this.activate(detail)}
        @grid-scroll=${({ detail }: CustomEvent<number>) => this.dispatchEvent(new CustomEvent('scrolled', { detail }))}
      ></rebase-grid>
      <rebase-context-menu></rebase-context-menu>`;
  }
}
