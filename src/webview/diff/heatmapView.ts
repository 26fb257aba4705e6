import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffView } from '../messages.js';
import { type CellPosition, filterOfCell, type Heatmap, type HeatmapValues, heatmapValues, makeHeatmap } from '../model/heatmap.js';
import { isMetric, type Metric, metricFacts, metrics } from '../model/metric.js';
import type { CellFilter } from '../model/tensorOrder.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import './heatmapCanvas.js';
import './heatmapTable.js';
import './legend.js';
import './outsideCells.js';

/** The layer × module picture with its controls. Fires `metric-change`, `table-change` and `choose-filter`. */
@customElement('rebase-heatmap-view')
export class HeatmapView extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto auto auto minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 35px;
        padding: 0 8px 0 12px;
      }
      .bar h2 {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      vscode-single-select {
        width: 150px;
      }
      rebase-legend,
      rebase-outside-cells {
        padding: 0 12px 6px;
      }
      rebase-outside-cells {
        padding-left: 12px;
      }
      .body {
        display: grid;
        min-height: 0;
        padding-left: 6px;
      }
      p {
        padding: 8px 6px;
      }
    `,
  ];

  @property({ attribute: false }) view!: DiffView;
  @property() metric: Metric = 'relativeChange';
  @property({ type: Boolean }) asTable = false;
  @property({ attribute: false }) chosen: CellFilter | null = null;
  private heatmap!: Heatmap;
  private values!: HeatmapValues;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.heatmap = makeHeatmap(this.view);
    if (changed.has('view') || changed.has('metric')) this.values = heatmapValues(this.heatmap, this.metric);
  }

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private chosenCell(): CellPosition | null {
    const row = this.heatmap.rows.findIndex(({ index }) => index === this.chosen?.layer);
    const column = this.heatmap.columns.findIndex(({ index }) => index === this.chosen?.module);
    return row < 0 || column < 0 ? null : { row, column };
  }

  private onMetric(event: Event): void {
    const { value } = event.target as HTMLElement & { value: string };
    if (isMetric(value)) this.send('metric-change', value);
  }

  private renderBar(): TemplateResult {
    return html`<div class="bar">
      <h2>Layers × modules</h2>
      <vscode-single-select
        label="Metric"
        title=${metricFacts[this.metric].meaning}
        .value=${this.metric}
        @change=${(event: Event) => this.onMetric(event)}
      >
        ${metrics.map((metric) => html`<vscode-option value=${metric} ?selected=${metric === this.metric}>${metricFacts[metric].label}</vscode-option>`)}
      </vscode-single-select>
      ${renderTableButton(this.asTable, () => this.send('table-change', !this.asTable))}
    </div>`;
  }

  private renderBody(): TemplateResult {
    const { heatmap, values, metric } = this;
    if (heatmap.rows.length === 0) return html`<p class="muted">No numbered layers were found in the tensor names.</p>`;
    const choose = ({ detail }: CustomEvent<CellPosition>): void => this.send('choose-filter', filterOfCell(heatmap, detail));
    if (this.asTable)
      return html`<rebase-heatmap-table .heatmap=${heatmap} .metric=${metric} @choose-cell=${choose}></rebase-heatmap-table>`;
    return html`<rebase-heatmap-canvas
      .heatmap=${heatmap}
      .values=${values}
      .metric=${metric}
      .chosen=${this.chosenCell()}
      @choose-cell=${choose}
    ></rebase-heatmap-canvas>`;
  }

  override render(): TemplateResult {
    const { heatmap, values, metric } = this;
    return html`${this.renderBar()}
      ${this.asTable ? html`<span></span>` : html`<rebase-legend .scale=${values.scale} .metric=${metric}></rebase-legend>`}
      ${
        heatmap.outside.length === 0
          ? html`<span></span>`
          : html`<rebase-outside-cells
              .cells=${heatmap.outside}
              .values=${values}
              .metric=${metric}
              .chosen=${this.chosen}
              @choose-filter=${({ detail }: CustomEvent<CellFilter>) => this.send('choose-filter', detail)}
            ></rebase-outside-cells>`
      }
      <div class="body">${this.renderBody()}</div>`;
  }
}
