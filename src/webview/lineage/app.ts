import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RoundsReport } from '../../recycle/report/index.js';
import { runKey, runStyles } from '../chart/runMarks.js';
import '../chart/scoreTableView.js';
import { type ConnectivityUiState, initialConnectivityUiState, restoreConnectivityUiState } from '../model/connectivity/uiState.js';
import { type RoundsChart, scoreChart, tasksOf, vectorChart } from '../model/lineage/roundsSeries.js';
import { roundsTable } from '../model/lineage/roundsTable.js';
import { icon } from '../shared/icons.js';
import { PanelApp } from '../shared/panelApp.js';
import { renderTableButton } from '../shared/tableButton.js';
import type { PanelHost } from '../shared/vscodeApi.js';
import { appStyles } from './appStyles.js';
import type { RoundsPanelEvents, RoundsPanelRequests, RoundsPanelState } from './messages.js';
import './roundsChart.js';

type Host = PanelHost<RoundsPanelRequests, RoundsPanelEvents>;
/** What a person sets here is a part of what can be set for a run. */
type UiState = Pick<ConnectivityUiState, 'task' | 'asTable' | 'sort'>;

/** Rounds of lineages side by side: scores over releases, norms and cosines of diff vectors, and the table behind them. */
@customElement('rebase-rounds-app')
export class RoundsApp extends PanelApp<RoundsPanelRequests, RoundsPanelEvents> {
  static override styles = [PanelApp.styles, runStyles, appStyles];

  @state() private panel: RoundsPanelState | null = null;
  @state() private ui: UiState = initialConnectivityUiState;

  constructor(host: Host) {
    super(host);
    const { channel } = host;
    this.ui = restoreConnectivityUiState(host.savedState);
    channel.on('state', (panel) => (this.panel = panel));
    channel.on('progress', (progress) => {
      if (this.panel?.activity.kind === 'running') this.panel = { ...this.panel, activity: { kind: 'running', progress } };
    });
    void this.ask(async () => (this.panel = await channel.request('ready')));
  }

  private patch(part: Partial<UiState>): void {
    this.ui = { ...this.ui, ...part };
    this.host.saveState(this.ui);
  }

  /** The task shown: the saved number may be of a report that had more of them. */
  private taskOf(report: RoundsReport): string {
    const tasks = tasksOf(report);
    return tasks[this.ui.task] ?? tasks[0] ?? '';
  }

  private renderAction(method: 'score' | 'measure', label: string, hint: string): TemplateResult {
    return html`<button class="action" title=${hint} @click=${() => this.ask(() => this.host.channel.request(method))}>${label}</button>`;
  }

  private renderActivity({ activity }: RoundsPanelState): TemplateResult {
    if (activity.kind !== 'running') {
      return html`${this.renderAction('score', 'Score All', 'Score every model of every release; what is known is not computed again')}
      ${this.renderAction('measure', 'Measure Again', 'Read lineages and diff vectors again')}`;
    }
    const { fraction, message } = activity.progress;
    return html`<vscode-progress-bar aria-label="Measuring" .value=${Math.floor(fraction * 100)}></vscode-progress-bar>
      <span class="muted" role="status">${message}</span>
      <button class="action" @click=${() => this.ask(() => this.host.channel.request('cancel'))}>Cancel</button>`;
  }

  private renderRemarks(remarks: readonly string[]): TemplateResult | typeof nothing {
    if (remarks.length === 0) return nothing;
    return html`<ul class="remarks" aria-label="Remarks">
      ${remarks.map((remark) => html`<li>${icon('warning')}<span>${remark}</span></li>`)}
    </ul>`;
  }

  private renderTop(panel: RoundsPanelState): TemplateResult {
    const { title, report, activity } = panel;
    const failure = activity.kind === 'failed' ? [activity.message] : activity.kind === 'cancelled' ? ['Measuring was cancelled.'] : [];
    const remarks = [...failure, ...(report?.remarks ?? []), ...(report?.lineages.flatMap((lineage) => lineage.remarks) ?? [])];
    return html`<div class="top">
      <div class="head">
        <h1>${title}</h1>
        ${this.renderActivity(panel)}
      </div>
      ${this.renderProblem()} ${this.renderRemarks(remarks)}
    </div>`;
  }

  private renderTaskChoice(report: RoundsReport): TemplateResult | typeof nothing {
    const tasks = tasksOf(report);
    if (tasks.length < 2) return nothing;
    const shown = tasks.indexOf(this.taskOf(report));
    const choose = (event: Event): void => this.patch({ task: Number((event.target as HTMLElement & { value: string }).value) });
    return html`<vscode-single-select label="Task" .value=${String(shown)} @change=${choose}>
      ${tasks.map((task, index) => html`<vscode-option value=${String(index)} ?selected=${index === shown}>${task}</vscode-option>`)}
    </vscode-single-select>`;
  }

  private renderBar(report: RoundsReport, { series }: RoundsChart): TemplateResult {
    const { asTable } = this.ui;
    return html`<div class="bar">
      <ul class="legend" aria-label="Curves">
        ${series.map(({ run, name }) => html`<li>${runKey(run)}<span>${name}</span></li>`)}
      </ul>
      ${this.renderTaskChoice(report)} ${renderTableButton(asTable, () => this.patch({ asTable: !asTable }))}
    </div>`;
  }

  private renderPictures(report: RoundsReport, scores: RoundsChart): TemplateResult {
    const isScored = scores.series.length > 0;
    return html`<div class="pictures">
      ${
        isScored
          ? html`<rebase-rounds-chart class="wide scores" .chart=${scores} .axisName=${scores.quantity}></rebase-rounds-chart>`
          : html`<p class="wide empty muted">
              No model of these rounds is scored. Choose Score All; a lineage without tasks needs some first.
            </p>`
      }
      ${this.renderVectors(vectorChart(report, 'norm', scores), 'norm', 'Norms of the diff vectors')}
      ${this.renderVectors(vectorChart(report, 'cosine', scores), 'cosine', 'Cosines with the one before')}
    </div>`;
  }

  private renderVectors(chart: RoundsChart, name: 'norm' | 'cosine', heading: string): TemplateResult {
    return html`<section>
      <h2>${heading}</h2>
      <rebase-rounds-chart class=${name} .chart=${chart}></rebase-rounds-chart>
    </section>`;
  }

  private renderTable(report: RoundsReport): TemplateResult {
    return html`<rebase-score-table
      label="Rounds"
      .table=${roundsTable(report, this.taskOf(report))}
      .sort=${this.ui.sort}
      @sort-change=${({ detail }: CustomEvent<UiState['sort']>) => this.patch({ sort: detail })}
    ></rebase-score-table>`;
  }

  override render(): TemplateResult {
    const { panel } = this;
    if (panel === null) return html`<div class="top">${this.renderProblem()}</div>`;
    const { report } = panel;
    if (report === null) return this.renderTop(panel);
    const scores = scoreChart(report, this.taskOf(report));
    return html`${this.renderTop(panel)}
      <div class="body">
        ${this.renderBar(report, scores)} ${this.ui.asTable ? this.renderTable(report) : this.renderPictures(report, scores)}
      </div>`;
  }
}
