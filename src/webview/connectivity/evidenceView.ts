import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { plural } from '../../base/format.js';
import type { ConnectivityRun, LineRun } from '../../connectivity/report/index.js';
import { evidenceFacts, evidenceSentences } from '../model/connectivity/evidence.js';
import { taskIn } from '../model/connectivity/series.js';
import { findingStyles, renderFindings, severityOf, worstSeverity } from '../shared/findings.js';
import { severityIcon } from '../shared/icons.js';
import { renderFacts, renderToggle } from '../shared/overview.js';
import { overviewStyles } from '../shared/overviewStyles.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { runKey, runStyles } from '../chart/runMarks.js';

/** What the scores come to: numbers, sentences, and behind a button the findings. Fires `findings-change`. */
@customElement('rebase-evidence')
export class Evidence extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    findingStyles,
    overviewStyles,
    runStyles,
    css`
      .sentences {
        display: grid;
        gap: 3px;
        max-width: 110ch;
        padding: 6px 12px 8px;
        line-height: 18px;
        overflow-wrap: anywhere;
      }
      .sentences li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 6px;
      }
      .sentences li.plain {
        grid-template-columns: minmax(0, 1fr);
      }
      .value {
        font-size: 17px;
      }
      .note {
        white-space: normal;
      }
    `,
  ];

  @property({ attribute: false }) run!: ConnectivityRun;
  @property({ attribute: false }) overlays: readonly LineRun[] = [];
  @property({ attribute: false }) task = 0;
  @property({ attribute: false }) findingsOpen = false;

  /** Sentences of the runs laid over, each with the marker of its run. */
  private overlaySentences(): TemplateResult[] {
    const shown = this.run.tasks[this.task];
    return this.overlays.flatMap((overlay, index) => {
      const task = shown ? taskIn(overlay, shown) : -1;
      const sentences = task < 0 ? [`${overlay.title} was not scored on ${shown?.name ?? 'this task'}.`] : evidenceSentences(overlay, task);
      return sentences.map((sentence) => html`<li>${runKey(index + 1)}<span>${sentence}</span></li>`);
    });
  }

  private renderSentences(): TemplateResult | typeof nothing {
    const own = evidenceSentences(this.run, this.task);
    const others = this.overlaySentences();
    if (own.length + others.length === 0) return nothing;
    const lines = own.map((sentence) =>
      others.length === 0 ? html`<li class="plain">${sentence}</li>` : html`<li>${runKey(0)}<span>${sentence}</span></li>`,
    );
    return html`<ul class="sentences" aria-label="What the scores say">
      ${lines}${others}
    </ul>`;
  }

  private renderFindingsToggle(): TemplateResult | typeof nothing {
    const { findings } = this.run;
    if (findings.length === 0) return nothing;
    const worst = severityOf(worstSeverity(findings));
    const lead = html`<span class="severity-${worst}">${severityIcon(worst)}</span>`;
    const toggle = (): boolean => this.dispatchEvent(new CustomEvent('findings-change', { detail: !this.findingsOpen }));
    return html`<div class="toggles">${renderToggle(this.findingsOpen, plural(findings.length, 'finding'), lead, toggle)}</div>
      <div id="note" class=${this.findingsOpen ? 'open' : ''}>${this.findingsOpen ? renderFindings(findings) : nothing}</div>`;
  }

  override render(): TemplateResult {
    const facts = this.run.kind === 'line' ? evidenceFacts(this.run, this.task) : [];
    return html`${facts.length === 0 ? nothing : renderFacts(facts)} ${this.renderSentences()} ${this.renderFindingsToggle()}`;
  }
}
