import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModuleDiff } from '../../compare/report/index.js';
import { type CellPosition, cellIndex, type Heatmap } from '../model/heatmap.js';
import { type Metric, metricFacts } from '../model/metric.js';
import { baseStyles, tableStyles } from '../shared/styles.js';

/** Cells above this number would make a table that browsers lay out slowly; the rest is in the tensor table. */
const mostCells = 20_000;

/** The heat map as an HTML table. Fires `choose-cell` with the position. */
@customElement('rebase-heatmap-table')
export class HeatmapTable extends LitElement {
  static override styles = [
    baseStyles,
    tableStyles,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: auto;
      }
      th:first-child {
        position: sticky;
        left: 0;
        background: var(--vscode-editor-background);
        color: var(--muted);
      }
      thead th:first-child {
        z-index: 2;
      }
      td {
        padding: 0;
      }
      button {
        width: 100%;
        height: 22px;
        padding: 0 8px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        font-variant-numeric: inherit;
        text-align: right;
        cursor: pointer;
      }
      p {
        padding: 8px;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: Heatmap;
  @property() metric: Metric = 'relativeChange';

  private renderCell(position: CellPosition): TemplateResult {
    const group: ModuleDiff | null = this.heatmap.cells[cellIndex(this.heatmap, position)] ?? null;
    if (group === null) return html`<td></td>`;
    const { format, valueOf } = metricFacts[this.metric];
    const choose = (): boolean => this.dispatchEvent(new CustomEvent('choose-cell', { detail: position }));
    return html`<td><button @click=${choose}>${format(valueOf(group))}</button></td>`;
  }

  override render(): TemplateResult {
    const { rows, columns } = this.heatmap;
    const shown = rows.slice(0, Math.max(1, Math.floor(mostCells / Math.max(1, columns.length))));
    const left = rows.length - shown.length;
    return html`<table>
        <caption class="hidden">
          ${metricFacts[this.metric].label}: ${metricFacts[this.metric].meaning}
        </caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ label }, row) =>
              html`<tr>
                <th scope="row">${label}</th>
                ${columns.map((_, column) => this.renderCell({ row, column }))}
              </tr>`,
          )}
        </tbody>
      </table>
      ${left > 0 ? html`<p class="muted">${left} more layers: filter the table of tensors by name.</p>` : nothing}`;
  }
}
