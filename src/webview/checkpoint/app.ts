import '@vscode-elements/elements/dist/vscode-button/index.js';
import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { CheckpointSummary } from '../checkpointSummary.js';
import type { CheckpointPanelEvents, CheckpointPanelRequests, CheckpointPanelState } from '../messages.js';
import { type CheckpointUiState, restoreCheckpointUiState } from '../model/checkpointUiState.js';
import { icon } from '../shared/icons.js';
import { DelayedSave } from '../shared/delayedSave.js';
import { PanelApp } from '../shared/panelApp.js';
import type { PanelHost } from '../shared/vscodeApi.js';
import { checkpointAppStyles } from './appStyles.js';
import './checkpointOverview.js';
import './tensorTree.js';

type Host = PanelHost<CheckpointPanelRequests, CheckpointPanelEvents>;

/** The checkpoint panel: what is in one model version, from its headers. */
@customElement('rebase-checkpoint-app')
export class CheckpointApp extends PanelApp<CheckpointPanelRequests, CheckpointPanelEvents> {
  static override styles = [PanelApp.styles, checkpointAppStyles];

  @state() private panel: CheckpointPanelState | null = null;
  @state() private ui: CheckpointUiState;
  private tableScroll: number;
  private readonly saving = new DelayedSave(() => this.host.saveState({ ...this.ui, scrollTop: this.tableScroll }));

  constructor(host: Host) {
    super(host);
    this.ui = restoreCheckpointUiState(host.savedState);
    this.tableScroll = this.ui.scrollTop;
    host.channel.on('state', (panel) => (this.panel = panel));
    host.channel.on('showTensor', (name) => this.patch({ text: name }));
    void this.ask(() => this.start());
  }

  private async start(): Promise<void> {
    this.panel = await this.host.channel.request('ready');
    const name = await this.host.channel.request('tensorToShow');
    if (name !== null) this.patch({ text: name });
  }

  private patch(part: Partial<CheckpointUiState>): void {
    this.ui = { ...this.ui, ...part };
    this.saving.soon();
  }

  private onScrolled(scrollTop: number): void {
    this.tableScroll = Math.round(scrollTop);
    this.saving.soon();
  }

  private renderHeader({ name, path }: CheckpointSummary): TemplateResult {
    const { channel } = this.host;
    return html`<header>
      <div class="names">
        <h1>${name}</h1>
        <p class="muted" title=${path}>${path}</p>
      </div>
      <vscode-button secondary @click=${() => this.ask(() => channel.request('selectForDiff'))}>Select for Model Diff</vscode-button>
      <vscode-button secondary @click=${() => this.ask(() => channel.request('diffWithSelected'))}>Diff with Selected</vscode-button>
    </header>`;
  }

  private renderDone(summary: CheckpointSummary): TemplateResult {
    return html`<div class="top">
        ${this.renderHeader(summary)} ${this.renderProblem()}
        <rebase-checkpoint-overview
          .summary=${summary}
          .note=${this.ui.note}
          @note-change=${({ detail }: CustomEvent<CheckpointUiState['note']>) => this.patch({ note: detail })}
        ></rebase-checkpoint-overview>
      </div>
      <rebase-tensor-tree
        .summary=${summary}
        .ui=${this.ui}
        @ui=${({ detail }: CustomEvent<Partial<CheckpointUiState>>) => this.patch(detail)}
        @scrolled=${({ detail }: CustomEvent<number>) => this.onScrolled(detail)}
        @copy-name=${({ detail }: CustomEvent<string>) => this.ask(() => this.host.channel.request('copyName', { name: detail }))}
      ></rebase-tensor-tree>`;
  }

  private renderFailure({ path, message }: Extract<CheckpointPanelState, { kind: 'failed' }>): TemplateResult {
    return html`<section>
      <h1>${path.split(/[\\/]/).at(-1)}</h1>
      <p class="muted">${path}</p>
      <div class="failed" role="alert">${icon('error')}<span>${message}</span></div>
    </section>`;
  }

  override render(): TemplateResult {
    if (this.panel === null) return html`<div class="top">${this.renderProblem()}</div>`;
    return this.panel.kind === 'done' ? this.renderDone(this.panel.summary) : this.renderFailure(this.panel);
  }
}
