import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ConnectivityRun, LineRun } from '../../connectivity/report/index.js';
import { type ChosenKey, type ChosenPoint, chosenPoint, chosenWithout } from '../model/connectivity/chosenPoint.js';
import { type Measure, measuresOf } from '../model/connectivity/measure.js';
import { type ConnectivityUiState, initialConnectivityUiState, restoreConnectivityUiState } from '../model/connectivity/uiState.js';
import { PanelApp } from '../shared/panelApp.js';
import type { PanelHost } from '../shared/vscodeApi.js';
import './activityBar.js';
import { appStyles } from './appStyles.js';
import './evidenceView.js';
import { toPng } from '../chart/svgFile.js';
import { exportHeading, toSvgFile } from './exportPicture.js';
import type { ExportChoice } from './header.js';
import './header.js';
import './linePane.js';
import './matrixPane.js';
import type { ConnectivityPanelEvents, ConnectivityPanelRequests, ConnectivityPanelState } from './messages.js';
import type { Pane } from './pane.js';
import './paneBar.js';
import './planePane.js';
import './pointBar.js';

type Host = PanelHost<ConnectivityPanelRequests, ConnectivityPanelEvents>;

/** The connectivity panel: asks the host for its state, shows it, and keeps what a person set. */
@customElement('rebase-connectivity-app')
export class ConnectivityApp extends PanelApp<ConnectivityPanelRequests, ConnectivityPanelEvents> {
  static override styles = [PanelApp.styles, appStyles];

  @state() private panel: ConnectivityPanelState | null = null;
  @state() private ui: ConnectivityUiState = initialConnectivityUiState;
  @state() private chosen: ChosenKey | null = null;
  @query('.pane') private pane!: Pane | null;

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

  private patch(part: Partial<ConnectivityUiState>): void {
    this.ui = { ...this.ui, ...part };
    this.host.saveState(this.ui);
  }

  /** The task shown: the saved number may be of a run that had more of them. */
  private taskOf({ tasks }: ConnectivityRun): number {
    return this.ui.task < tasks.length ? this.ui.task : 0;
  }

  private measureOf(run: ConnectivityRun): Measure {
    const [first, ...others] = measuresOf(run.tasks[this.taskOf(run)]?.kind ?? 'loss');
    return others.find((measure) => measure === this.ui.measure) ?? first ?? 'loss';
  }

  private get overlays(): readonly LineRun[] {
    return this.panel?.overlays.filter((run) => run.kind === 'line') ?? [];
  }

  private async export(choice: ExportChoice, run: ConnectivityRun): Promise<void> {
    if (choice === 'csv') {
      await this.host.channel.request('exportTable');
      return;
    }
    const file = await this.pictureFile(run);
    const picture = choice === 'svg' ? { format: choice, text: file.text } : { format: choice, bytes: await toPng(file) };
    await this.host.channel.request('exportPicture', picture);
  }

  /** The picture, also where the table is in its place. */
  private async pictureFile(run: ConnectivityRun): Promise<ReturnType<typeof toSvgFile>> {
    const { asTable } = this.ui;
    if (asTable) this.ui = { ...this.ui, asTable: false };
    await this.updateComplete;
    await this.pane?.drawn();
    const picture = this.pane?.picture;
    const heading = exportHeading(run, this.overlays, this.taskOf(run));
    const file = picture ? toSvgFile(picture, heading) : null;
    if (asTable) this.ui = { ...this.ui, asTable };
    if (file === null) throw new Error('There is no picture yet: nothing is scored.');
    return file;
  }

  private write({ overlay, place }: ChosenPoint): void {
    if (place !== null) void this.ask(() => this.host.channel.request('writePoint', { overlay, place }));
  }

  private async removeRun(overlay: number): Promise<void> {
    await this.host.channel.request('removeRun', { overlay });
    this.chosen = chosenWithout(this.chosen, overlay);
  }

  private renderHeader(panel: ConnectivityPanelState): TemplateResult {
    const { channel } = this.host;
    const { run } = panel;
    return html`<rebase-connectivity-header
      .state=${panel}
      @refine=${() => this.ask(() => channel.request('refine'))}
      @add-task=${() => this.ask(() => channel.request('addTask'))}
      @add-run=${() => this.ask(() => channel.request('addRun'))}
      @save=${() => this.ask(() => channel.request('saveRun'))}
      @export=${({ detail }: CustomEvent<ExportChoice>) => run && this.ask(() => this.export(detail, run))}
    ></rebase-connectivity-header>`;
  }

  private renderTop(panel: ConnectivityPanelState): TemplateResult {
    const { channel } = this.host;
    const { run, activity, obstacle } = panel;
    return html`<div class="top">
      ${this.renderHeader(panel)} ${this.renderProblem()}
      <rebase-activity-bar
        .activity=${activity}
        .run=${run}
        .obstacle=${obstacle}
        @cancel=${() => this.ask(() => channel.request('cancel'))}
        @go-on=${() => this.ask(() => channel.request('goOn'))}
      ></rebase-activity-bar>
      ${run ? this.renderEvidence(run) : nothing}
    </div>`;
  }

  private renderEvidence(run: ConnectivityRun): TemplateResult {
    return html`<rebase-evidence
      .run=${run}
      .overlays=${this.overlays}
      .task=${this.taskOf(run)}
      .findingsOpen=${this.ui.findingsOpen}
      @findings-change=${({ detail }: CustomEvent<boolean>) => this.patch({ findingsOpen: detail })}
    ></rebase-evidence>`;
  }

  private renderBar(run: ConnectivityRun): TemplateResult {
    return html`<rebase-pane-bar
      .run=${run}
      .overlays=${this.overlays}
      .task=${this.taskOf(run)}
      .measure=${this.measureOf(run)}
      .asTable=${this.ui.asTable}
      @task-change=${({ detail }: CustomEvent<number>) => this.patch({ task: detail })}
      @measure-change=${({ detail }: CustomEvent<Measure>) => this.patch({ measure: detail })}
      @table-change=${({ detail }: CustomEvent<boolean>) => this.patch({ asTable: detail })}
      @remove-run=${({ detail }: CustomEvent<number>) => this.ask(() => this.removeRun(detail))}
    ></rebase-pane-bar>`;
  }

  private renderPane(run: ConnectivityRun): TemplateResult {
    const [task, measure, { asTable, sort }] = [this.taskOf(run), this.measureOf(run), this.ui];
    const choose = ({ detail }: CustomEvent<ChosenKey>): void => void (this.chosen = detail);
    const sorted = ({ detail }: CustomEvent<ConnectivityUiState['sort']>): void => this.patch({ sort: detail });
    switch (run.kind) {
      case 'line':
        return html`<rebase-line-pane
          class="pane"
          .run=${run}
          .overlays=${this.overlays}
          .task=${task}
          .measure=${measure}
          .asTable=${asTable}
          .sort=${sort}
          .chosen=${this.chosen}
          @choose=${choose}
          @sort-change=${sorted}
        ></rebase-line-pane>`;
      case 'matrix':
        return html`<rebase-matrix-pane
          class="pane"
          .run=${run}
          .task=${task}
          .measure=${measure}
          .asTable=${asTable}
          .sort=${sort}
          .chosen=${this.chosen}
          @choose=${choose}
          @sort-change=${sorted}
        ></rebase-matrix-pane>`;
      case 'plane':
        return html`<rebase-plane-pane
          class="pane"
          .run=${run}
          .task=${task}
          .measure=${measure}
          .asTable=${asTable}
          .sort=${sort}
          .chosen=${this.chosen}
          @choose=${choose}
          @sort-change=${sorted}
        ></rebase-plane-pane>`;
      default:
        return run satisfies never;
    }
  }

  private renderPointBar(run: ConnectivityRun, obstacle: string | null): TemplateResult {
    const shown = { overlays: this.overlays, task: this.taskOf(run), measure: this.measureOf(run) };
    const point = chosenPoint(run, this.chosen, shown);
    return html`<rebase-point-bar
      .point=${point}
      .hasBars=${run.kind === 'line' && run.tasks[shown.task]?.kind !== 'outside'}
      .obstacle=${obstacle}
      @write=${() => point && this.write(point)}
      @close=${() => (this.chosen = null)}
    ></rebase-point-bar>`;
  }

  override render(): TemplateResult {
    const { panel } = this;
    if (panel === null) return html`<div class="top">${this.renderProblem()}</div>`;
    const { run, obstacle } = panel;
    if (run === null) return html`${this.renderTop(panel)}`;
    return html`${this.renderTop(panel)}
      <div class="body">${this.renderBar(run)} ${this.renderPane(run)} ${this.renderPointBar(run, obstacle)}</div>`;
  }
}
