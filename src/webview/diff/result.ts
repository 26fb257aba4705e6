import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DiffView, ExportedPicture } from '../messages.js';
import { type DiffUiState, type Pane, panes } from '../model/diffUiState.js';
import type { Colouring } from '../model/heatmap.js';
import type { Metric } from '../model/metric.js';
import type { CellFilter } from '../model/tensorOrder.js';
import '../shared/splitter.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import './heatmapView.js';
import { resultStyles } from './resultStyles.js';
import './tensorDetailView.js';
import type { TensorSource } from './tensorDetailView.js';
import './tensorsView.js';
import type { TensorsView, TensorToOpen } from './tensorsView.js';

const paneLabels: Readonly<Record<Pane, string>> = { map: 'Map', table: 'Table', detail: 'Details' };

/** Heat map, table of tensors and the details of one, in panes that can be resized. */
@customElement('rebase-diff-result')
export class DiffResult extends LitElement {
  static override styles = [baseStyles, actionStyles, resultStyles];

  @property({ attribute: false }) view!: DiffView;
  @property({ attribute: false }) obstacle: string | null = null;
  @property({ attribute: false }) ui!: DiffUiState;
  @property({ attribute: false }) source!: TensorSource;
  /** The layer and module under the pointer, in whichever part of the panel. */
  @state() private pointed: CellFilter | null = null;
  @query('rebase-tensors-view') private tensors!: TensorsView;

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('ui')) return;
    this.style.setProperty('--heatmap', `${this.ui.heatmapShare * 100}%`);
    this.style.setProperty('--detail', `${this.ui.detailShare * 100}%`);
  }

  /** Brings the selected tensor into view in the table. */
  revealSelected(): void {
    this.tensors.revealSelected();
  }

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private patch(part: Partial<DiffUiState>): void {
    this.send('ui', part);
  }

  private close(): void {
    this.patch({ selected: null, pane: 'table' });
    this.tensors.focus();
  }

  private renderHeatmap(): TemplateResult {
    return html`<rebase-heatmap-view
      .view=${this.view}
      .metric=${this.ui.metric}
      .colouring=${this.ui.colouring}
      .pointed=${this.pointed}
      .asTable=${this.ui.heatmapAsTable}
      .chosen=${this.ui.filter.cell}
      @metric-change=${({ detail }: CustomEvent<Metric>) => this.patch({ metric: detail })}
      @colouring-change=${({ detail }: CustomEvent<Colouring>) => this.patch({ colouring: detail })}
      @point-filter=${({ detail }: CustomEvent<CellFilter | null>) => (this.pointed = detail)}
      @export-picture=${({ detail }: CustomEvent<ExportedPicture>) => this.send('export-picture', detail)}
      @table-change=${({ detail }: CustomEvent<boolean>) => this.patch({ heatmapAsTable: detail })}
      @choose-filter=${({ detail }: CustomEvent<CellFilter>) => {
        this.patch({ pane: 'table' });
        this.send('choose-filter', detail);
      }}
    ></rebase-heatmap-view>`;
  }

  private renderTensors(): TemplateResult {
    return html`<rebase-tensors-view
      .view=${this.view}
      .ui=${this.ui}
      .obstacle=${this.obstacle}
      .pointed=${this.pointed}
      @point-filter=${({ detail }: CustomEvent<CellFilter | null>) => (this.pointed = detail)}
      @open-tensor=${({ detail }: CustomEvent<TensorToOpen>) => this.send('open-tensor', detail)}
      @ui=${({ detail }: CustomEvent<Partial<DiffUiState>>) => this.patch(detail)}
      @scrolled=${({ detail }: CustomEvent<number>) => this.send('scrolled', detail)}
    ></rebase-tensors-view>`;
  }

  private renderDetail(row: number): TemplateResult {
    return html`<rebase-splitter
        orientation="horizontal"
        edge="end"
        label="Height of the details"
        .share=${this.ui.detailShare}
        @resize-to=${({ detail }: CustomEvent<number>) => this.patch({ detailShare: detail })}
      ></rebase-splitter>
      <rebase-tensor-detail
        .source=${this.source}
        .row=${row}
        .report=${this.ui.report}
        .obstacle=${this.obstacle}
        .wanted=${this.ui.detailed === row}
        @want-detail=${() => this.patch({ detailed: row })}
        @close=${() => this.close()}
        @keydown=${(event: KeyboardEvent) => (event.key === 'Escape' ? this.close() : undefined)}
      ></rebase-tensor-detail>`;
  }

  /** For narrow panels alone, which show one part at a time. */
  private renderTabs(shown: Pane, hasDetail: boolean): TemplateResult {
    return html`<div role="tablist" aria-label="Part of the result">
      ${panes.map(
        (pane) =>
          html`<button
            class="action"
            role="tab"
            aria-selected=${pane === shown}
            ?disabled=${pane === 'detail' && !hasDetail}
            @click=${() => this.patch({ pane })}
          >
            ${paneLabels[pane]}
          </button>`,
      )}
    </div>`;
  }

  override render(): TemplateResult {
    const { selected } = this.ui;
    const row = selected !== null && selected < this.view.table.length ? selected : null;
    const pane = this.ui.pane === 'detail' && row === null ? 'table' : this.ui.pane;
    return html`<div class="panes ${row === null ? '' : 'with-detail'}" data-pane=${pane}>
      ${this.renderTabs(pane, row !== null)}
      <div class="upper">
        ${this.renderHeatmap()}
        <rebase-splitter
          label="Width of the heat map"
          .share=${this.ui.heatmapShare}
          @resize-to=${({ detail }: CustomEvent<number>) => this.patch({ heatmapShare: detail })}
        ></rebase-splitter>
        ${this.renderTensors()}
      </div>
      ${row === null ? nothing : this.renderDetail(row)}
    </div>`;
  }
}
