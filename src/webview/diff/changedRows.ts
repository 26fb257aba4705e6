import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChangedRow } from '../../compare/report/index.js';
import { formatCount, formatNumber, plural } from '../../base/format.js';
import { visibleToken } from '../model/visibleToken.js';
import { baseStyles, tableStyles } from '../shared/styles.js';
import { figureStyles } from './figureStyles.js';

/** The rows that changed most, with their tokens where the tensor is an embedding. */
@customElement('rebase-changed-rows')
export class ChangedRows extends LitElement {
  static override styles = [
    baseStyles,
    tableStyles,
    figureStyles,
    css`
      code {
        font-family: var(--vscode-editor-font-family, monospace);
        white-space: pre;
      }
      td.left {
        max-width: 160px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly ChangedRow[] = [];

  private renderRow({ row, token, normDelta, relativeChange }: ChangedRow, tokens: boolean): TemplateResult {
    return html`<tr>
      <th scope="row">${formatCount(row)}</th>
      ${tokens ? html`<td class="left"><code>${token === null ? '' : visibleToken(token)}</code></td>` : nothing}
      <td>${formatNumber(normDelta)}</td>
      <td>${formatNumber(relativeChange)}</td>
    </tr>`;
  }

  override render(): TemplateResult {
    const tokens = this.rows.some(({ token }) => token !== null);
    return html`<div class="caption">
        <h3>Most changed rows</h3>
        <span class="muted">${plural(this.rows.length, 'row')}</span>
      </div>
      <div class="table-box" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              ${tokens ? html`<th scope="col" class="left">Token</th>` : nothing}
              <th scope="col">‖Δ‖</th>
              <th scope="col">‖Δ‖/‖A‖</th>
            </tr>
          </thead>
          <tbody>
            ${this.rows.map((row) => this.renderRow(row, tokens))}
          </tbody>
        </table>
      </div>`;
  }
}
