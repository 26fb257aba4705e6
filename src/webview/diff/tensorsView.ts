import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { DiffView } from '../messages.js';
import type { DiffUiState } from '../model/diffUiState.js';
import { statusOf, type TensorColumnId, tensorColumnIds, tensorColumns } from '../model/tensorColumns.js';
import { filterRows, sortRows, type TensorFilter } from '../model/tensorOrder.js';
import type { Grid } from '../shared/grid.js';
import type { GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { shownName } from '../shared/tensorName.js';
import { baseStyles } from '../shared/styles.js';
import './tensorFilterBar.js';

const gridColumns = tensorColumnIds.map((id) => ({ id, ...tensorColumns[id] }));
/** These read best from their small end. */
const ascendingFirst: readonly TensorColumnId[] = ['name', 'status', 'dtype', 'cosine'];

/** The table of tensors with its filters. Fires `ui` with the part of the state that a person changed, and `scrolled`. */
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
  @query('rebase-grid') private grid!: Grid;
  private rows: Uint32Array = new Uint32Array();
  private active = -1;
  /** A new function whenever the rows change, which tells the grid to draw again. */
  private renderRow: (position: number) => GridRow = (position) => this.rowAt(position);

  protected override willUpdate(changed: PropertyValues<this>): void {
    const reordered = changed.has('view') || this.isReordered(changed);
    if (reordered) this.arrange();
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
    this.patch({ selected: this.rows[position] ?? null });
  }

  /** While details are open they follow the active row. */
  private activate(position: number): void {
    this.active = position;
    if (this.ui.selected !== null) this.open(position);
    else this.requestUpdate();
  }

  private rowAt(position: number): GridRow {
    const row = this.rows[position] ?? 0;
    const { table } = this.view;
    const status = statusOf(table, row);
    return {
      cells: tensorColumnIds.map((id) =>
        id === 'name' ? shownName(tensorColumns.name.text(table, row)) : tensorColumns[id].text(table, row),
      ),
      classes: tensorColumnIds.map((id) => (id === 'status' ? `status-${status}` : id === 'dtype' || id === 'shape' ? 'quiet' : '')),
    };
  }

  override render(): TemplateResult {
    return html`<rebase-tensor-filter-bar
        .view=${this.view}
        .filter=${this.ui.filter}
        .shown=${this.rows.length}
        @filter-change=${({ detail }: CustomEvent<Partial<TensorFilter>>) => this.patch({ filter: { ...this.ui.filter, ...detail } })}
      ></rebase-tensor-filter-bar>
      <rebase-grid
        label="Tensors"
        .sortable=${true}
        .columns=${gridColumns}
        .rowCount=${this.rows.length}
        .renderRow=${this.renderRow}
        .sort=${this.ui.sort}
        .active=${this.active}
        .initialScrollTop=${this.ui.scrollTop}
        .emptyText=${'No tensor passes the filter.'}
        @sort-by=${({ detail }: CustomEvent<TensorColumnId>) => this.sortBy(detail)}
        @row-open=${({ detail }: CustomEvent<number>) => this.open(detail)}
        @row-active=${({ detail }: CustomEvent<number>) => this.activate(detail)}
        @grid-scroll=${({ detail }: CustomEvent<number>) => this.dispatchEvent(new CustomEvent('scrolled', { detail }))}
      ></rebase-grid>`;
  }
}
