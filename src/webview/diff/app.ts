import { html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { TensorStatus } from '../../compare/report/index.js';
import type {
  ChosenNameRules,
  DiffPanelEvents,
  DiffPanelRequests,
  DiffPanelState,
  ExportedPicture,
  ExportFormat,
  FileComparison,
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

  private show(panel: DiffPanelState): void {
    if (panel.kind === 'done') {
      const saved = this.ui.report === '' ? this.host.savedState : this.ui;
      this.ui = restoreDiffUiState(saved, panel.view.createdAt);
      this.tableScroll = this.ui.scrollTop;
      void this.ask(() => this.compareFiles(panel));
    }
    this.panel = panel;
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

  private renderHeader({ view, obstacle }: DoneState): TemplateResult {
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

  private renderDone(panel: DoneState): TemplateResult {
    const { view, obstacle } = panel;
    return html`<div class="top">
        ${this.renderHeader(panel)} ${this.renderProblem()}
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

  override render(): TemplateResult {
    if (this.panel?.kind === 'done') return this.renderDone(this.panel);
    if (this.panel === null) return html`<div class="top">${this.renderProblem()}</div>`;
    return html`<div class="top">${this.renderProblem()}</div>
      <rebase-job-status
        .job=${this.panel}
        @cancel=${() => this.ask(() => this.host.channel.request('cancel'))}
        @rerun=${() => this.rerun()}
      ></rebase-job-status>`;
  }
}
