import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type ScoreTable, sortedRows } from './scoreTable.js';
import type { ConnectivityUiState } from '../model/connectivity/uiState.js';
import type { GridRow } from '../shared/gridTemplates.js';
import '../shared/grid.js';
import { baseStyles } from '../shared/styles.js';

/** The table behind a picture. Fires `sort-change`, and `choose-row` with the number of a row of the unsorted table. */
@customElement('rebase-score-table')
export class ScoreTableView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  @property({ attribute: false }) table!: ScoreTable<unknown>;
  @property({ attribute: false }) sort: ConnectivityUiState['sort'] = null;
  @property() label = 'Scores';
  @state() private active = -1;
  private order: readonly number[] = [];
  /** Another function for another order: the grid draws its rows anew when it changes. */
  private renderRow: (position: number) => GridRow = (position) => this.rowAt(position);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('table') && !changed.has('sort')) return;
    this.order = sortedRows(this.table, this.sort);
    this.renderRow = (position) => this.rowAt(position);
  }

  private rowAt(position: number): GridRow {
    const cells = this.table.rows[this.order[position] ?? -1]?.cells ?? [];
    return { cells: cells.map(({ text }) => text) };
  }

  private sortBy(column: string): void {
    const descending = this.sort?.column === column && !this.sort.descending;
    this.dispatchEvent(new CustomEvent('sort-change', { detail: { column, descending } }));
  }

  private choose(position: number): void {
    this.active = position;
    this.dispatchEvent(new CustomEvent('choose-row', { detail: this.order[position] ?? -1 }));
  }

  override render(): TemplateResult {
    return html`<rebase-grid
      label=${this.label}
      .columns=${this.table.columns}
      .rowCount=${this.table.rows.length}
      .renderRow=${this.renderRow}
      .sort=${this.sort}
      .active=${this.active}
      .sortable=${true}
      @sort-by=${({ detail }: CustomEvent<string>) => this.sortBy(detail)}
      @row-active=${({ detail }: CustomEvent<number>) => (this.active = detail)}
      @row-open=${({ detail }: CustomEvent<number>) => this.choose(detail)}
    ></rebase-grid>`;
  }
}
