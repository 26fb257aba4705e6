import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CheckpointSummary } from '../checkpointSummary.js';
import { checkpointFacts } from '../model/checkpointFacts.js';
import type { CheckpointNote } from '../model/checkpointUiState.js';
import { formatBytes, plural } from '../../base/format.js';
import { findingStyles, renderFindings, worstSeverity } from '../shared/findings.js';
import { severityIcon } from '../shared/icons.js';
import { renderFacts, renderToggle } from '../shared/overview.js';
import { overviewStyles } from '../shared/overviewStyles.js';
import { actionStyles, baseStyles } from '../shared/styles.js';

/** Facts of a checkpoint, and behind two buttons its findings and its files. Fires `note-change`. */
@customElement('rebase-checkpoint-overview')
export class CheckpointOverview extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    findingStyles,
    overviewStyles,
    css`
      .value {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .file + .file {
        margin-top: 8px;
      }
      .metadata {
        display: grid;
        grid-template-columns: minmax(80px, auto) minmax(0, 1fr);
        gap: 0 16px;
        width: fit-content;
        max-width: 100%;
        padding-left: 12px;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) summary!: CheckpointSummary;
  @property({ attribute: false }) note: CheckpointNote | null = null;

  private renderToggle(note: CheckpointNote, label: string, lead: TemplateResult | null = null): TemplateResult {
    const open = this.note === note;
    return renderToggle(open, label, lead, () => this.dispatchEvent(new CustomEvent('note-change', { detail: open ? null : note })));
  }

  private renderToggles(): TemplateResult {
    const { findings, shards } = this.summary;
    const worst = worstSeverity(findings);
    const entries = shards.some(({ metadata }) => Object.keys(metadata).length > 0) ? ' and metadata' : '';
    return html`<div class="toggles">
      ${
        findings.length === 0
          ? nothing
          : this.renderToggle(
              'findings',
              plural(findings.length, 'finding'),
              html`<span class="severity-${worst}">${severityIcon(worst)}</span>`,
            )
      }
      ${this.renderToggle('files', `${plural(shards.length, 'file')}${entries}`)}
    </div>`;
  }

  private renderFile({ name, byteLength, metadata }: CheckpointSummary['shards'][number]): TemplateResult {
    return html`<div class="file">
      <div>${name} <span class="muted">${formatBytes(byteLength)}</span></div>
      <dl class="metadata">
        ${Object.entries(metadata).map(
          ([key, value]) =>
            html`<dt>${key}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </div>`;
  }

  private renderNote(): TemplateResult | TemplateResult[] | typeof nothing {
    switch (this.note) {
      case null:
        return nothing;
      case 'findings':
        return renderFindings(this.summary.findings);
      case 'files':
        return this.summary.shards.map((shard) => this.renderFile(shard));
    }
  }

  override render(): TemplateResult {
    return html`${renderFacts(checkpointFacts(this.summary))} ${this.renderToggles()}
      <div id="note" class=${this.note ? 'open' : ''}>${this.renderNote()}</div>`;
  }
}
