import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffView } from '../messages.js';
import type { Note } from '../model/diffUiState.js';
import { formatCount, plural } from '../../base/format.js';
import { companionRows, overviewFacts, shownFindings, statusSentence, structuralCounts, verdictSentence } from '../model/overview.js';
import { findingStyles, renderFindings, severityOf, worstSeverity } from '../shared/findings.js';
import { severityIcon } from '../shared/icons.js';
import { type Fact, renderFacts, renderToggle } from '../shared/overview.js';
import { overviewStyles } from '../shared/overviewStyles.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import './prefixMap.js';
import './structure.js';

/**
 * The numbers that matter, and behind three buttons the findings, the structural differences and the prefix map.
 * Fires `note-change`, `show-tensor` with a row, `show-status`, and `rerun` with rules for names.
 */
@customElement('rebase-overview')
export class Overview extends LitElement {
  static override styles = [baseStyles, actionStyles, findingStyles, overviewStyles];

  @property({ attribute: false }) view!: DiffView;
  @property({ attribute: false }) obstacle: string | null = null;
  @property({ attribute: false }) note: Note | null = null;

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private renderToggle(note: Note, label: string, lead: TemplateResult | null = null): TemplateResult {
    const open = this.note === note;
    return renderToggle(open, label, lead, () => this.send('note-change', open ? null : note));
  }

  /** Facts that point at a tensor become links to it. */
  private facts(): Fact[] {
    return overviewFacts(this.view).map((fact) => ({
      ...fact,
      follow: fact.row === undefined ? null : () => this.send('show-tensor', fact.row),
    }));
  }

  private renderToggles(): TemplateResult {
    const findings = shownFindings(this.view);
    const structure = structuralCounts(this.view).map(({ status, count }) => `${formatCount(count)} ${status}`);
    const rules = this.view.prefixMap.length + this.view.nameRules.length;
    const isRenamed = this.view.matchReasons.some(({ reason }) => reason !== 'equal name');
    const worst = severityOf(worstSeverity(findings));
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
      ${this.renderToggle('structure', structure.length === 0 ? 'Same structure' : structure.join(', '))} ${this.renderCompanionsToggle()}
      ${this.renderToggle('prefixMap', rules > 0 ? plural(rules, 'name rule') : isRenamed ? 'Matched names' : 'No name map')}
    </div>`;
  }

  private renderCompanionsToggle(): TemplateResult | typeof nothing {
    const count = companionRows(this.view.companions).length;
    return count === 0 ? nothing : this.renderToggle('companions', plural(count, 'difference') + ' beside the tensors');
  }

  private renderNote(): TemplateResult | typeof nothing {
    switch (this.note) {
      case null:
        return nothing;
      case 'findings':
        return renderFindings(shownFindings(this.view));
      case 'structure':
        return html`<p class="sentence">${statusSentence(this.view)}</p>
          <rebase-structure
            .view=${this.view}
            @show-tensor=${({ detail }: CustomEvent<number>) => this.send('show-tensor', detail)}
            @show-status=${({ detail }: CustomEvent<string>) => this.send('show-status', detail)}
          ></rebase-structure>`;
      case 'companions':
        return renderCompanions(this.view);
      case 'prefixMap':
        return html`<rebase-prefix-map
          .rules=${this.view.prefixMap}
          .nameRules=${this.view.nameRules}
          .reasons=${this.view.matchReasons}
          .obstacle=${this.obstacle}
          @rerun=${({ detail }: CustomEvent<unknown>) => this.send('rerun', detail)}
        ></rebase-prefix-map>`;
    }
  }

  override render(): TemplateResult {
    const verdict = verdictSentence(this.view);
    return html`${verdict === null ? nothing : html`<p class="verdict">${verdict}</p>`} ${renderFacts(this.facts())} ${this.renderToggles()}
      <div id="note" class=${this.note ? 'open' : ''}>${this.renderNote()}</div>`;
  }
}

function renderCompanions({ a, b, companions }: DiffView): TemplateResult {
  const rows = companionRows(companions).map(
    ({ kind, name, a: own, b: other }) =>
      html`<tr>
        <td>${kind}</td>
        <td>${name}</td>
        <td>${own ?? '–'}</td>
        <td>${other ?? '–'}</td>
      </tr>`,
  );
  return html`<table class="companions">
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Name</th>
        <th scope="col">${a.name}</th>
        <th scope="col">${b.name}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
