import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { plural } from '../../base/format.js';
import type { ConnectivityRun } from '../../connectivity/report/index.js';
import { scoredCount } from '../model/connectivity/evidence.js';
import { icon } from '../shared/icons.js';
import { problemStyles } from '../shared/problem.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import type { RunActivity } from './messages.js';

/** What the run is doing, or that it is incomplete and why. Nothing for a whole run. Fires `cancel` and `go-on`. */
@customElement('rebase-activity-bar')
export class ActivityBar extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    problemStyles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        min-height: 30px;
        padding: 3px 8px 3px 12px;
        border-bottom: 1px solid var(--line);
      }
      .line > span {
        flex: 1 1 160px;
        min-width: 0;
      }
      vscode-progress-bar {
        flex: 0 1 200px;
        background: var(--line);
      }
      .warning svg {
        color: var(--vscode-editorWarning-foreground);
      }
    `,
  ];

  @property({ attribute: false }) activity: RunActivity = { kind: 'idle' };
  @property({ attribute: false }) run: ConnectivityRun | null = null;
  @property({ attribute: false }) obstacle: string | null = null;

  private send(type: 'cancel' | 'go-on'): void {
    this.dispatchEvent(new CustomEvent(type));
  }

  /** Scores are kept pass by pass, also those that make no point complete yet. */
  private get known(): string {
    if (this.run === null) return 'No point is complete yet. What was computed is kept: Go On continues from there.';
    return `${plural(scoredCount(this.run), 'model')} scored; what is missing can be scored later.`;
  }

  private renderGoOn(label: string): TemplateResult {
    const hint = this.obstacle ?? 'Scores only what is missing';
    return html`<button class="action" title=${hint} ?disabled=${this.obstacle !== null} @click=${() => this.send('go-on')}>
      ${label}
    </button>`;
  }

  private renderRunning(progress: Extract<RunActivity, { kind: 'running' }>['progress']): TemplateResult {
    const percent = Math.floor(Math.min(1, Math.max(0, progress.fraction)) * 100);
    return html`<div class="line">
      <vscode-progress-bar aria-label="Scoring" .value=${percent}></vscode-progress-bar>
      <span role="status">${progress.message}</span>
      <button class="action" @click=${() => this.send('cancel')}>Cancel</button>
    </div>`;
  }

  private renderIncomplete(why: string): TemplateResult {
    return html`<div class="line warning">
      ${icon('warning')}<span role="status">${why} ${this.known}</span>${this.renderGoOn('Go On')}
    </div>`;
  }

  override render(): TemplateResult | typeof nothing {
    const { activity } = this;
    switch (activity.kind) {
      case 'running':
        return this.renderRunning(activity.progress);
      case 'failed':
        return html`<div class="problem" role="alert">
          ${icon('error')}<span>${activity.message}</span>${this.renderGoOn('Try Again')}
        </div>`;
      case 'cancelled':
        return this.renderIncomplete('The run was cancelled.');
      case 'idle':
        return this.run?.complete === false ? this.renderIncomplete('This run is incomplete.') : nothing;
      default:
        return activity satisfies never;
    }
  }
}
