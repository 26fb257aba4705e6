import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { type StatusCounts, tensorStatuses, type TensorStatus } from '../../compare/report/index.js';
import type { DiffView } from '../messages.js';
import type { DiffUiState } from '../model/diffUiState.js';
import { formatCount, plural } from '../model/format.js';
import { statusMeanings } from '../model/overview.js';
import { statusOf, type TensorColumnId, tensorColumnIds, tensorColumns } from '../model/tensorColumns.js';
import { countStatuses, filterRows, sortRows, type TensorFilter } from '../model/tensorOrder.js';
import type { Grid } from '../shared/grid.js';
import type { GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { shownName } from '../shared/tensorName.js';
import { icon } from '../shared/icons.js';
import { actionStyles, baseStyles, statusStyles } from '../shared/styles.js';
import { tensorsViewStyles } from './tensorsViewStyles.js';

const gridColumns = tensorColumnIds.map((id) => ({ id, ...tensorColumns[id] }));
/** These read best from their small end. */
const ascendingFirst: readonly TensorColumnId[] = ['name', 'status', 'dtype', 'cosine'];

/** The table of tensors with its filters. Fires `ui` with the part of the state that a person changed, and `scrolled`. */
@customElement('rebase-tensors-view')
export class TensorsView extends LitElement {
  static override styles = [baseStyles, actionStyles, statusStyles, tensorsViewStyles];

  @property({ attribute: false }) view!: DiffView;
  @property({ attribute: false }) ui!: DiffUiState;
  @query('rebase-grid') private grid!: Grid;
  private rows: Uint32Array = new Uint32Array();
  private counts!: StatusCounts;
  private active = -1;
  /** A new function whenever the rows change, which tells the grid to draw again. */
  private renderRow: (position: number) => GridRow = (position) => this.rowAt(position);

  protected override willUpdate(changed: PropertyValues<this>): void {
    const reordered = changed.has('view') || this.isReordered(changed);
    if (changed.has('view')) this.counts = countStatuses(this.view.table);
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

  private filterBy(part: Partial<TensorFilter>): void {
    this.patch({ filter: { ...this.ui.filter, ...part } });
  }

  private toggleStatus(status: TensorStatus): void {
    const { statuses } = this.ui.filter;
    this.filterBy({ statuses: statuses.includes(status) ? statuses.filter((other) => other !== status) : [...statuses, status] });
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
      cells: tensorColumnIds.map((id) => (id === 'name' ? shownName(tensorColumns.name.text(table, row)) : tensorColumns[id].text(table, row))),
      classes: tensorColumnIds.map((id) => (id === 'status' ? `status-${status}` : id === 'dtype' || id === 'shape' ? 'quiet' : '')),
    };
  }

  private renderChips(): TemplateResult[] {
    return tensorStatuses
      .filter((status) => this.counts[status] > 0)
      .map((status) => {
        const pressed = this.ui.filter.statuses.includes(status);
        return html`<button class="action chip" title=${statusMeanings[status]} aria-pressed=${pressed} @click=${() => this.toggleStatus(status)}>
          <span class="status-${status}">${status}</span><span class="muted">${formatCount(this.counts[status])}</span>
        </button>`;
      });
  }

  private renderCellChip(): TemplateResult | typeof nothing {
    const { cell } = this.ui.filter;
    if (cell === null) return nothing;
    const layer = cell.layer === null ? '' : (this.view.layers[cell.layer]?.label ?? '');
    const module = cell.module === null ? '' : (this.view.table.moduleNames[cell.module] ?? '');
    const label = [layer, module].filter(Boolean).join(' · ');
    return html`<button class="action chip" aria-pressed="true" aria-label="Stop showing only ${label}" @click=${() => this.filterBy({ cell: null })}>
      <span class="cell-name">${label}</span>${icon('close')}
    </button>`;
  }

  private renderBar(): TemplateResult {
    const shown = this.rows.length === this.view.table.length ? '' : `${formatCount(this.rows.length)} of `;
    return html`<div class="bar">
      <h2>Tensors</h2>
      <vscode-textfield
        .label=${'Filter tensors by name'}
        placeholder="Filter by name"
        .value=${this.ui.filter.text}
        @input=${(event: Event) => this.filterBy({ text: (event.target as HTMLInputElement).value })}
      >
        <span slot="content-before" class="search">${icon('search')}</span>
      </vscode-textfield>
      ${this.renderCellChip()} ${this.renderChips()}
      <span class="count muted" role="status">${shown}${plural(this.view.table.length, 'tensor')}</span>
    </div>`;
  }

  override render(): TemplateResult {
    return html`${this.renderBar()}
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
