import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { TensorStatus } from '../../compare/report/index.js';
import type {
  ChosenNameRules,
  DiffPanelEvents,
  DiffPanelRequests,
  DiffPanelState,
  DiffView,
  ExportedPicture,
  ExportFormat,
  FileComparison,
  Progress,
} from '../messages.js';
import { type DiffUiState, initialDiffUiState, restoreDiffUiState } from '../model/diffUiState.js';
import type { CellFilter, TensorFilter } from '../model/tensorOrder.js';
import { DelayedSave } from '../shared/delayedSave.js';
import { PanelApp } from '../shared/panelApp.js';
import type { PanelHost } from '../shared/vscodeApi.js';
import { appStyles } from './appStyles.js';
import './header.js';
import './jobStatus.js';
import './overviewView.js';
import './result.js';
import type { DiffResult } from './result.js';
import type { TensorSource } from './tensorDetailView.js';
import type { TensorToOpen } from './tensorsView.js';

type Host = PanelHost<DiffPanelRequests, DiffPanelEvents>;
type DoneState = Extract<DiffPanelState, { kind: 'done' }>;

/** The diff panel: asks the host for its state, shows it, and keeps what a person set. */
@customElement('rebase-diff-app')
export class DiffApp extends PanelApp<DiffPanelRequests, DiffPanelEvents> {
  static override styles = [PanelApp.styles, appStyles];

  @state() private panel: DiffPanelState | null = null;
  @state() private files: readonly FileComparison[] | null = null;
  @state() private ui: DiffUiState = initialDiffUiState('');
  @query('rebase-diff-result') private result!: DiffResult | null;
  private tableScroll = 0;
  private readonly saving = new DelayedSave(() => this.host.saveState({ ...this.ui, scrollTop: this.tableScroll }));
  private readonly source: TensorSource;

  constructor(host: Host) {
    super(host);
    const { channel } = host;
    this.source = {
      tensor: (index) => channel.request('tensor', { index }),
      detail: (index) => channel.request('detail', { index }),
    };
    channel.on('state', (panel) => this.show(panel));
    channel.on('progress', (progress) => {
      if (this.panel?.kind === 'running') this.panel = { ...this.panel, progress };
    });
    void this.ask(async () => this.show(await channel.request('ready')));
  }

  /** Rows stay what they are while a comparison goes on, so what a person set for them stays too. */
  private show(panel: DiffPanelState): void {
    const before = this.panel?.kind === 'running' ? this.panel.partial : null;
    const view = panel.kind === 'done' ? panel.view : panel.kind === 'running' ? panel.partial : null;
    if (view !== null && before !== null) this.ui = { ...this.ui, report: view.createdAt };
    else if (view !== null) this.restoreUi(view);
    if (panel.kind === 'done') void this.ask(() => this.compareFiles(panel));
    this.panel = panel;
  }

  private restoreUi({ createdAt }: DiffView): void {
    const saved = this.ui.report === '' ? this.host.savedState : this.ui;
    this.ui = restoreDiffUiState(saved, createdAt);
    this.tableScroll = this.ui.scrollTop;
  }

  private async compareFiles({ obstacle, remark }: DoneState): Promise<void> {
    this.files = obstacle === null ? await this.host.channel.request('compareTextFiles') : null;
    if (remark !== null) throw new Error(remark);
  }

  private patch(part: Partial<DiffUiState>): void {
    this.ui = { ...this.ui, ...part };
    this.saving.soon();
  }

  private filterBy(part: Partial<TensorFilter>): void {
    this.patch({ filter: { ...this.ui.filter, ...part } });
  }

  private onScrolled(scrollTop: number): void {
    this.tableScroll = Math.round(scrollTop);
    this.saving.soon();
  }

  private rerun(rules?: ChosenNameRules): void {
    void this.ask(() => this.host.channel.request('rerun', rules));
  }

  private chooseCell(cell: CellFilter): void {
    const { cell: chosen } = this.ui.filter;
    const again = chosen?.layer === cell.layer && chosen.module === cell.module;
    this.filterBy({ cell: again ? null : cell });
  }

  private showTensor(row: number): void {
    this.patch({ selected: row, pane: 'detail' });
    void this.updateComplete.then(() => this.result?.revealSelected());
  }

  private renderHeader(view: DiffView, obstacle: string | null): TemplateResult {
    const { channel } = this.host;
    return html`<rebase-diff-header
      .view=${view}
      .obstacle=${obstacle}
      .files=${this.files}
      @swap=${() => this.ask(() => channel.request('swap'))}
      @reveal=${({ detail }: CustomEvent<'a' | 'b'>) => this.ask(() => channel.request('reveal', { side: detail }))}
      @export=${({ detail }: CustomEvent<ExportFormat>) => this.ask(() => channel.request('exportReport', { format: detail }))}
      @open-file=${({ detail }: CustomEvent<string>) => this.ask(() => channel.request('diffTextFile', { file: detail }))}
      @rerun=${() => this.rerun({ prefixMap: view.prefixMap, nameRules: view.nameRules })}
      @transfer=${() => this.ask(() => channel.request('transfer'))}
      @interpolate=${() => this.ask(() => channel.request('interpolate'))}
    ></rebase-diff-header>`;
  }

  /** @param strip what stands above everything else */
  private renderResult(view: DiffView, obstacle: string | null, strip: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="top">
        ${strip} ${this.renderHeader(view, obstacle)} ${this.renderProblem()}
        <rebase-overview
          .view=${view}
          .obstacle=${obstacle}
          .note=${this.ui.note}
          @note-change=${({ detail }: CustomEvent<DiffUiState['note']>) => this.patch({ note: detail })}
          @show-tensor=${({ detail }: CustomEvent<number>) => this.showTensor(detail)}
          @show-status=${({ detail }: CustomEvent<TensorStatus>) => this.filterBy({ statuses: [detail], text: '', cell: null })}
          @rerun=${({ detail }: CustomEvent<ChosenNameRules>) => this.rerun(detail)}
        ></rebase-overview>
      </div>
      <rebase-diff-result
        .view=${view}
        .obstacle=${obstacle}
        .ui=${this.ui}
        .source=${this.source}
        @ui=${({ detail }: CustomEvent<Partial<DiffUiState>>) => this.patch(detail)}
        @choose-filter=${({ detail }: CustomEvent<CellFilter>) => this.chooseCell(detail)}
        @scrolled=${({ detail }: CustomEvent<number>) => this.onScrolled(detail)}
        @export-picture=${({ detail }: CustomEvent<ExportedPicture>) => this.ask(() => this.host.channel.request('exportPicture', detail))}
        @open-tensor=${({ detail }: CustomEvent<TensorToOpen>) => this.ask(() => this.host.channel.request('openTensor', detail))}
      ></rebase-diff-result>`;
  }

  /** What is known so far, which fills while the comparison goes on. */
  private renderRunning(partial: DiffView, { fraction, message }: Progress): TemplateResult {
    const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
    const strip = html`<div class="running">
      <vscode-progress-bar aria-label="Comparing" .value=${percent}></vscode-progress-bar>
      <span role="status">Comparing: ${message}</span><span>${percent}%</span>
      <button class="action" @click=${() => this.ask(() => this.host.channel.request('cancel'))}>Cancel</button>
    </div>`;
    return this.renderResult(partial, 'The comparison is still running.', strip);
  }

  override render(): TemplateResult {
    if (this.panel?.kind === 'done') return this.renderResult(this.panel.view, this.panel.obstacle);
    if (this.panel?.kind === 'running' && this.panel.partial !== null) return this.renderRunning(this.panel.partial, this.panel.progress);
    if (this.panel === null) return html`<div class="top">${this.renderProblem()}</div>`;
    return html`<div class="top">${this.renderProblem()}</div>
      <rebase-job-status
        .job=${this.panel}
        @cancel=${() => this.ask(() => this.host.channel.request('cancel'))}
        @rerun=${() => this.rerun()}
      ></rebase-job-status>`;
  }
}
