import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { tensorStatuses, type TensorStatus } from '../../compare/report/index.js';
import type { DiffView } from '../messages.js';
import { formatCount } from '../../base/format.js';
import { statusMeanings, structuralCounts } from '../model/overview.js';
import { tensorColumns } from '../model/tensorColumns.js';
import { actionStyles, baseStyles, statusStyles } from '../shared/styles.js';

const shownPerStatus = 8;

function firstRowsWith(view: DiffView, status: TensorStatus): number[] {
  const wanted = tensorStatuses.indexOf(status);
  const rows: number[] = [];
  for (let row = 0; row < view.table.length && rows.length < shownPerStatus; row++) {
    if (view.table.status[row] === wanted) rows.push(row);
  }
  return rows;
}

/** Structural differences, by kind, the first few of each. Fires `show-tensor` with a row and `show-status`. */
@customElement('rebase-structure')
export class Structure extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    statusStyles,
    css`
      section + section {
        margin-top: 8px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(160px, 1fr) minmax(0, 0.6fr) 140px;
        max-width: 880px;
        gap: 12px;
        line-height: 20px;
      }
      .row > * {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row button {
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: left;
        cursor: pointer;
      }
      .row button:hover {
        text-decoration: underline;
      }
      p button.action {
        color: var(--vscode-textLink-foreground);
      }
      strong {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) view!: DiffView;

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private renderRow(row: number): TemplateResult {
    const { table, layers } = this.view;
    const name = table.names[row] ?? '';
    return html`<div class="row">
      <button title=${name} @click=${() => this.send('show-tensor', row)}>${name}</button>
      <span class="muted">${tensorColumns.shape.text(table, row, layers)}</span>
      <span class="muted">${tensorColumns.dtype.text(table, row, layers)}</span>
    </div>`;
  }

  private renderStatus(status: TensorStatus, count: number): TemplateResult {
    const rows = firstRowsWith(this.view, status);
    return html`<section>
      <p>
        <strong class="status-${status}">${formatCount(count)} ${status}</strong> <span class="muted">${statusMeanings[status]}</span>
        <button class="action" @click=${() => this.send('show-status', status)}>Show in Table</button>
      </p>
      ${rows.map((row) => this.renderRow(row))}
      ${count > rows.length ? html`<p class="muted">and ${formatCount(count - rows.length)} more</p>` : nothing}
    </section>`;
  }

  override render(): TemplateResult {
    const counts = structuralCounts(this.view);
    if (counts.length === 0) return html`<p>Both sides have the same tensors, with the same shapes and types.</p>`;
    return html`${counts.map(({ status, count }) => this.renderStatus(status, count))}`;
  }
}
