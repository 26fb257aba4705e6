import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffPanelState } from '../messages.js';
import { icon } from '../shared/icons.js';
import { problemStyles } from '../shared/problem.js';
import { baseStyles } from '../shared/styles.js';

export type UnfinishedState = Exclude<DiffPanelState, { kind: 'done' }>;

/** What the panel shows while there is no result: running, failed or cancelled. Fires `cancel` and `rerun`. */
@customElement('rebase-job-status')
export class JobStatus extends LitElement {
  static override styles = [
    baseStyles,
    problemStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        height: 100%;
        padding: 24px;
      }
      section {
        width: min(520px, 100%);
        display: grid;
        gap: 12px;
      }
      h1 {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        font-size: 15px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      h1 svg {
        flex: none;
        color: var(--muted);
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        color: var(--muted);
      }
      vscode-progress-bar {
        background: var(--line);
      }
      vscode-button {
        justify-self: start;
      }
    `,
  ];

  @property({ attribute: false }) job!: UnfinishedState;

  private send(type: 'cancel' | 'rerun'): void {
    this.dispatchEvent(new CustomEvent(type));
  }

  private renderBody(): TemplateResult {
    const { job } = this;
    switch (job.kind) {
      case 'running': {
        const percent = Math.floor(Math.min(1, Math.max(0, job.progress.fraction)) * 100);
        return html`<vscode-progress-bar aria-label="Comparing" .value=${percent}></vscode-progress-bar>
          <div class="line"><span role="status">${job.progress.message || 'Reading the headers'}</span><span>${percent}%</span></div>
          <vscode-button secondary @click=${() => this.send('cancel')}>Cancel</vscode-button>`;
      }
      case 'failed':
        return html`<div class="failed" role="alert">${icon('error')}<span>${job.message}</span></div>
          <vscode-button @click=${() => this.send('rerun')}>Try Again</vscode-button>`;
      case 'cancelled':
        return html`<p class="muted" role="status">The comparison was cancelled. Nothing was changed.</p>
          <vscode-button @click=${() => this.send('rerun')}>Compare Again</vscode-button>`;
    }
  }

  override render(): TemplateResult {
    return html`<section>
      <h1><span>${this.job.titleA}</span>${icon('arrow')}<span>${this.job.titleB}</span></h1>
      ${this.renderBody()}
    </section>`;
  }
}
