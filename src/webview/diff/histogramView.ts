import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DeltaHistogram } from '../../compare/report/index.js';
import { formatCount, formatNumber } from '../../base/format.js';
import { type HistogramBar, histogramRows, labelledExponents, layOutHistogram, rangeText, zeroText } from '../model/histogram.js';
import { actionStyles, baseStyles, tableStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { figureStyles } from './figureStyles.js';

const height = 120;
const width = 420;
const axis = 18;

/** Histogram of Δ, logarithmic on both sides of zero, with a table behind it. */
@customElement('rebase-histogram')
export class HistogramView extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    tableStyles,
    figureStyles,
    css`
      .negative {
        fill: var(--vscode-charts-red);
      }
      .positive {
        fill: var(--vscode-charts-blue);
      }
      line {
        stroke: var(--muted);
        stroke-opacity: 0.5;
      }
    `,
  ];

  @property({ attribute: false }) histogram!: DeltaHistogram;
  @state() private asTable = false;

  private renderBar(bar: HistogramBar, slotWidth: number, largest: number): TemplateResult {
    const tall = largest === 0 ? 0 : (bar.count / largest) * height;
    const sign = bar.side === 'negative' ? '−' : '';
    // The smallest count above zero still shows as a line.
    const visible = bar.count > 0 ? Math.max(1, tall) : 0;
    return svg`<rect class=${bar.side} x=${bar.slot * slotWidth} y=${height - visible} width=${Math.max(0.5, slotWidth - 0.75)} height=${visible}>
      <title>${sign}Δ ${rangeText(bar)}: ${formatCount(bar.count)}</title></rect>`;
  }

  private renderPicture(): TemplateResult {
    const model = layOutHistogram(this.histogram);
    const slotWidth = width / model.slots;
    const size = (model.slots - 1) / 2;
    const labels = labelledExponents(this.histogram, 3).map((exponent, index) => {
      const offset = (exponent - this.histogram.firstExponent + 1.5) * slotWidth;
      const text = formatNumber(2 ** exponent);
      // The outermost labels would reach beyond the picture.
      const [left, right] = index === 0 ? ['start', 'end'] : ['middle', 'middle'];
      const [atLeft, atRight] = index === 0 ? [0, width] : [(size + 0.5) * slotWidth - offset + slotWidth / 2, size * slotWidth + offset];
      return svg`<text x=${atRight} y=${height + 13} text-anchor=${right}>${text}</text>
        <text x=${atLeft} y=${height + 13} text-anchor=${left}>−${text}</text>`;
    });
    return html`<svg viewBox="0 0 ${width} ${height + axis}" role="img" aria-label="Histogram of the differences; ${zeroText(model)}">
      ${model.bars.map((bar) => this.renderBar(bar, slotWidth, model.largestCount))}
      ${svg`<line x1="0" x2=${width} y1=${height + 0.5} y2=${height + 0.5}></line>
        <text x=${width / 2} y=${height + 13} text-anchor="middle">0</text>`}
      ${labels}
    </svg>`;
  }

  private renderTable(): TemplateResult {
    return html`<div class="table-box" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">|Δ|</th>
            <th scope="col">Δ &lt; 0</th>
            <th scope="col">Δ &gt; 0</th>
          </tr>
        </thead>
        <tbody>
          ${histogramRows(this.histogram).map(({ range, negative, positive }) => {
            return html`<tr>
              <th scope="row">${range}</th>
              <td>${formatCount(negative)}</td>
              <td>${formatCount(positive)}</td>
            </tr>`;
          })}
          <tr>
            <th scope="row">0</th>
            <td colspan="2">${formatCount(this.histogram.zero)}</td>
          </tr>
        </tbody>
      </table>
    </div>`;
  }

  override render(): TemplateResult {
    return html`<div class="caption">
        <h3>Histogram of Δ</h3>
        <span class="muted">${zeroText(layOutHistogram(this.histogram))}</span>
        ${renderTableButton(this.asTable, () => (this.asTable = !this.asTable), 'histogram')}
      </div>
      ${this.asTable ? this.renderTable() : this.renderPicture()}`;
  }
}
