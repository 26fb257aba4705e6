import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatNumber } from '../../base/format.js';
import { entryLabel, indexOfLargest, largestOf, profilePath } from '../model/profile.js';
import { actionStyles, baseStyles, tableStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { figureStyles } from './figureStyles.js';

const width = 420;
const height = 56;

/** ‖Δ‖ of each row or column as a line, with a table behind it. */
@customElement('rebase-profile')
export class ProfileView extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    tableStyles,
    figureStyles,
    css`
      path.area {
        fill: var(--vscode-charts-blue);
        fill-opacity: 0.55;
        stroke: var(--vscode-charts-blue);
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }
      line {
        stroke: var(--muted);
        stroke-opacity: 0.5;
      }
      .hover {
        stroke: var(--vscode-foreground);
      }
    `,
  ];

  @property() kind: 'row' | 'column' = 'row';
  @property({ attribute: false }) norms: readonly number[] = [];
  @property({ attribute: false }) perEntry = 1;
  /** Rows or columns of the tensor. */
  @property({ attribute: false }) count = 0;
  @state() private asTable = false;
  @state() private hovered = -1;

  private describe(entry: number): string {
    return `${entryLabel(this.kind, entry, this.perEntry, this.count)}: ${formatNumber(this.norms[entry] ?? null)}`;
  }

  private onMove(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const entry = Math.floor(((event.clientX - box.left) / box.width) * this.norms.length);
    this.hovered = Math.max(0, Math.min(this.norms.length - 1, entry));
  }

  private renderPicture(): TemplateResult {
    const x = ((this.hovered + 0.5) / this.norms.length) * width;
    const label = `Norm of the difference by ${this.kind}; largest at ${this.describe(indexOfLargest(this.norms))}`;
    return html`<svg
      viewBox="0 0 ${width} ${height + 1}"
      preserveAspectRatio="none"
      height=${height}
      role="img"
      aria-label=${label}
      @pointermove=${(event: PointerEvent) => this.onMove(event)}
      @pointerleave=${() => (this.hovered = -1)}
    >
      <rect width=${width} height=${height} fill="transparent"></rect>
      ${svg`<path class="area" d=${profilePath(this.norms, width, height)}></path>
        <line x1="0" x2=${width} y1=${height + 0.5} y2=${height + 0.5}></line>`}
      ${this.hovered < 0 ? '' : svg`<line class="hover" x1=${x} x2=${x} y1="0" y2=${height}></line>`}
    </svg>`;
  }

  private renderTable(): TemplateResult {
    return html`<div class="table-box" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${this.kind === 'row' ? 'Rows' : 'Columns'}</th>
            <th scope="col">‖Δ‖</th>
          </tr>
        </thead>
        <tbody>
          ${this.norms.map((norm, entry) => {
            return html`<tr>
              <th scope="row">${entryLabel(this.kind, entry, this.perEntry, this.count)}</th>
              <td>${formatNumber(norm)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  override render(): TemplateResult {
    const note =
      this.hovered >= 0
        ? this.describe(this.hovered)
        : `up to ${formatNumber(largestOf(this.norms))}, ${this.describe(indexOfLargest(this.norms))}`;
    const caption = this.kind === 'row' ? '‖Δ‖ by row' : '‖Δ‖ by column';
    return html`<div class="caption">
        <h3>${caption}</h3>
        <span class="muted">${note}</span>
        ${renderTableButton(this.asTable, () => (this.asTable = !this.asTable), caption)}
      </div>
      ${this.asTable ? this.renderTable() : this.renderPicture()}`;
  }
}
