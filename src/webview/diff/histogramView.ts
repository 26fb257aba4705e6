import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DeltaHistogram, TensorDiff, ValueSpread } from '../../compare/report/index.js';
import { formatCount, formatNumber, formatShare } from '../../base/format.js';
import { maxOf } from '../../base/extremes.js';
import {
  barsOfCounts,
  densityOf,
  histogramRows,
  type HistogramBar,
  labelledExponents,
  layOutHistogram,
  type LinearBar,
  linearHistogram,
  type LinearHistogram,
  momentsOf,
  rangeText,
  zeroText,
} from '../model/histogram.js';
import { actionStyles, baseStyles, tableStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { figureStyles } from './figureStyles.js';

const [left, width, height, foot] = [16, 420, 120, 34];
const right = left + width;

const histogramModes = { linear: 'Linear', log: 'Log', values: 'A and B' } as const;
type HistogramMode = keyof typeof histogramModes;

/**
 * How Δ is spread: linear, with its standard deviation and the share that did not change; or by powers of two on both sides
 * of zero; or the values of A and B over each other, once they were read. Behind it a table.
 */
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
      .unchanged {
        fill: var(--muted);
        fill-opacity: 0.55;
      }
      .side-a,
      .side-b {
        fill: none;
        stroke: var(--vscode-charts-blue);
        stroke-width: 1.5;
      }
      .side-b {
        stroke: var(--vscode-charts-yellow);
        stroke-dasharray: 5 2;
      }
      .key-b {
        color: var(--vscode-charts-yellow);
      }
      .key-a {
        color: var(--vscode-charts-blue);
      }
      line {
        stroke: var(--muted);
        stroke-opacity: 0.5;
      }
      .deviation {
        stroke: var(--vscode-foreground);
        stroke-dasharray: 3 3;
        stroke-opacity: 0.7;
      }
      .hover {
        stroke: var(--vscode-foreground);
        stroke-opacity: 1;
      }
      .caption {
        flex-wrap: wrap;
        gap: 2px;
        margin-bottom: 0;
      }
      .caption h3 {
        margin-right: 8px;
      }
      .note {
        min-height: 18px;
        font-size: var(--small);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button.action {
        height: 20px;
        padding: 0 5px;
        font-size: var(--small);
      }
    `,
  ];

  @property({ attribute: false }) tensor!: TensorDiff;
  /** Finer counts, and those of A and B, once the values were read. */
  @property({ attribute: false }) spread: ValueSpread | null = null;
  @state() private mode: HistogramMode = 'linear';
  @state() private asTable = false;
  /** Where the pointer is, 0…1 from left to right. */
  @state() private hovered: number | null = null;

  private get histogram(): DeltaHistogram | null {
    return this.tensor.histogram;
  }

  /** What can be drawn now: A and B need their values, and what did not change has no linear picture. */
  private get shownMode(): HistogramMode {
    if (this.mode === 'values' && this.spread === null) return 'linear';
    return this.mode === 'linear' && linearHistogram(this.tensor, this.spread) === null ? 'log' : this.mode;
  }

  private onMove(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * (right + left) - left;
    this.hovered = Math.min(1, Math.max(0, x / width));
  }

  private frame(label: string, xTitle: string, content: TemplateResult): TemplateResult {
    return html`<svg
      viewBox="0 0 ${right + left} ${height + foot}"
      role="img"
      aria-label=${label}
      @pointermove=${(event: PointerEvent) => this.onMove(event)}
      @pointerleave=${() => (this.hovered = null)}
    >
      ${svg`<rect width=${right + left} height=${height + foot} fill="transparent"></rect>
        ${content}
        <line x1=${left} x2=${right} y1=${height + 0.5} y2=${height + 0.5}></line>
        <text x=${(left + right) / 2} y=${height + 29} text-anchor="middle">${xTitle}</text>
        <text x="9" y=${height / 2} text-anchor="middle" transform="rotate(-90 9 ${height / 2})">weights</text>`}
      ${this.hovered === null ? nothing : svg`<line class="hover" x1=${left + this.hovered * width} x2=${left + this.hovered * width} y1="0" y2=${height}></line>`}
    </svg>`;
  }

  private xOf(span: number, value: number): number {
    return left + ((Math.min(span, Math.max(-span, value)) + span) / (2 * span)) * width;
  }

  private renderEnds(span: number): TemplateResult {
    const text = formatNumber(span);
    return svg`<text x=${left} y=${height + 13} text-anchor="start">−${text}</text>
      <text x=${left + width / 2} y=${height + 13} text-anchor="middle">0</text>
      <text x=${right} y=${height + 13} text-anchor="end">${text}</text>`;
  }

  private renderLinear(linear: LinearHistogram): TemplateResult {
    const { bars, span } = linear;
    const densest = maxOf(bars.map(densityOf));
    const drawn = bars.map((bar) => {
      const [x, end] = [this.xOf(span, bar.from), this.xOf(span, bar.to)];
      const tall = bar.count === 0 ? 0 : Math.max(1, (densityOf(bar) / densest) * (height - 14));
      return svg`<rect class=${bar.to <= 0 ? 'negative' : 'positive'} x=${x} y=${height - tall} width=${Math.max(0.5, end - x - 0.5)} height=${tall}></rect>`;
    });
    return this.frame(
      `Histogram of the differences; ${this.zeroNote()}`,
      'Δ = B − A',
      svg`${drawn}${this.renderUnchanged()}${this.renderDeviations(span)}${this.renderEnds(span)}`,
    );
  }

  /** As high as its share of all weights: the other bars share a scale of their own. */
  private renderUnchanged(): TemplateResult | typeof nothing {
    const { histogram } = this;
    if (!histogram) return nothing;
    const { zero, total } = layOutHistogram(histogram);
    const tall = total === 0 ? 0 : (zero / total) * height;
    return svg`<rect class="unchanged" x=${left + width / 2 - 3} y=${height - tall} width="6" height=${tall}></rect>`;
  }

  private renderDeviations(span: number): TemplateResult | typeof nothing {
    const moments = momentsOf(this.tensor);
    if (!moments) return nothing;
    const marks = [
      { at: moments.mean - moments.deviation, name: '−σ' },
      { at: moments.mean + moments.deviation, name: '+σ' },
    ];
    return svg`${marks.map(({ at, name }) => {
      const x = this.xOf(span, at);
      return svg`<line class="deviation" x1=${x} x2=${x} y1="12" y2=${height}></line><text x=${x} y="9" text-anchor="middle">${name}</text>`;
    })}`;
  }

  private renderLogBar(bar: HistogramBar, slotWidth: number, largest: number): TemplateResult {
    const tall = largest === 0 ? 0 : (bar.count / largest) * height;
    // The smallest count above zero still shows as a line.
    const visible = bar.count > 0 ? Math.max(1, tall) : 0;
    return svg`<rect class=${bar.side} x=${left + bar.slot * slotWidth} y=${height - visible} width=${Math.max(0.5, slotWidth - 0.75)} height=${visible}></rect>`;
  }

  private renderLog(histogram: DeltaHistogram): TemplateResult {
    const model = layOutHistogram(histogram);
    const slotWidth = width / model.slots;
    const size = (model.slots - 1) / 2;
    const labels = labelledExponents(histogram, 3).map((exponent, index) => {
      const offset = (exponent - histogram.firstExponent + 1.5) * slotWidth;
      const text = formatNumber(2 ** exponent);
      // The outermost labels would reach beyond the picture.
      const [leftAnchor, rightAnchor] = index === 0 ? ['start', 'end'] : ['middle', 'middle'];
      const [atLeft, atRight] = index === 0 ? [0, width] : [(size + 0.5) * slotWidth - offset + slotWidth / 2, size * slotWidth + offset];
      return svg`<text x=${left + atRight} y=${height + 13} text-anchor=${rightAnchor}>${text}</text>
        <text x=${left + atLeft} y=${height + 13} text-anchor=${leftAnchor}>−${text}</text>`;
    });
    const bars = model.bars.map((bar) => this.renderLogBar(bar, slotWidth, model.largestCount));
    const zero = svg`<text x=${left + width / 2} y=${height + 13} text-anchor="middle">0</text>`;
    return this.frame(`Histogram of the differences; ${zeroText(model)}`, 'Δ = B − A, by powers of two', svg`${bars}${zero}${labels}`);
  }

  private renderValues({ a, b, valueSpan }: ValueSpread): TemplateResult {
    const sides = [barsOfCounts(a, valueSpan), barsOfCounts(b, valueSpan)] as const;
    const largest = maxOf(sides.flatMap(({ bars }) => bars.map(({ count }) => count)));
    const outline = (bars: readonly LinearBar[]): string =>
      bars
        .map(({ from, to, count }, index) => {
          const y = (height - (largest === 0 ? 0 : count / largest) * (height - 4)).toFixed(1);
          return `${index === 0 ? 'M' : 'L'}${this.xOf(valueSpan, from).toFixed(1)} ${y}H${this.xOf(valueSpan, to).toFixed(1)}`;
        })
        .join('');
    const lines = sides.map(({ bars }, index) => svg`<path class=${index === 0 ? 'side-a' : 'side-b'} d=${outline(bars)}></path>`);
    return this.frame('Histograms of the values of A and of B', 'value of a weight', svg`${lines}${this.renderEnds(valueSpan)}`);
  }

  private zeroNote(): string {
    return this.histogram ? zeroText(layOutHistogram(this.histogram)) : '';
  }

  /** What is under the pointer; else what matters most. */
  private note(mode: HistogramMode): string | TemplateResult {
    if (this.hovered === null)
      return mode === 'values' ? html`<span class="key-a">A</span> and <span class="key-b">B</span>` : this.zeroNote();
    switch (mode) {
      case 'linear': {
        const linear = linearHistogram(this.tensor, this.spread);
        return linear === null ? '' : this.barNote(linear);
      }
      case 'log': {
        const model = layOutHistogram(this.histogram ?? { zero: 0, firstExponent: 0, negative: [], positive: [] });
        const bar = model.bars.find(({ slot }) => slot === Math.floor((this.hovered ?? 0) * model.slots));
        if (!bar) return zeroText(model);
        return `${bar.side === 'negative' ? '−' : ''}Δ ${rangeText(bar)}: ${formatCount(bar.count)} (${formatShare(bar.count / model.total)})`;
      }
      case 'values': {
        const { a = [], b = [], valueSpan = 1 } = this.spread ?? {};
        const bin = Math.min(a.length - 2, 1 + Math.floor(this.hovered * (a.length - 2)));
        const value = (this.hovered * 2 - 1) * valueSpan;
        return `near ${formatNumber(value)}: A ${formatCount(a[bin] ?? 0)} · B ${formatCount(b[bin] ?? 0)}`;
      }
    }
  }

  private barNote({ bars, span }: LinearHistogram): string {
    const value = ((this.hovered ?? 0) * 2 - 1) * span;
    const bar = bars.find(({ from, to }) => value >= from && value < to);
    return bar ? `Δ ${formatNumber(bar.from)} … ${formatNumber(bar.to)}: ${formatCount(bar.count)}` : `Δ near ${formatNumber(value)}: 0`;
  }

  private renderPicture(mode: HistogramMode): TemplateResult | typeof nothing {
    const linear = linearHistogram(this.tensor, this.spread);
    if (mode === 'values' && this.spread) return this.renderValues(this.spread);
    if (mode === 'linear' && linear) return this.renderLinear(linear);
    return this.histogram ? this.renderLog(this.histogram) : nothing;
  }

  private renderTable(histogram: DeltaHistogram): TemplateResult {
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
          ${histogramRows(histogram).map(({ range, negative, positive }) => {
            return html`<tr>
              <th scope="row">${range}</th>
              <td>${formatCount(negative)}</td>
              <td>${formatCount(positive)}</td>
            </tr>`;
          })}
          <tr>
            <th scope="row">0</th>
            <td colspan="2">${formatCount(histogram.zero)}</td>
          </tr>
        </tbody>
      </table>
    </div>`;
  }

  private renderModes(shown: HistogramMode): TemplateResult[] {
    return (Object.keys(histogramModes) as HistogramMode[]).map((mode) => {
      const isMissing = mode === 'values' && this.spread === null;
      return html`<button
        class="action"
        aria-pressed=${mode === shown}
        title=${isMissing ? 'Needs the values, which are read with rows and picture' : nothing}
        ?disabled=${isMissing}
        @click=${() => (this.mode = mode)}
      >
        ${histogramModes[mode]}
      </button>`;
    });
  }

  override render(): TemplateResult {
    const mode = this.shownMode;
    return html`<div class="caption">
        <h3>Histogram of Δ</h3>
        ${this.renderModes(mode)}
        ${this.histogram ? renderTableButton(this.asTable, () => (this.asTable = !this.asTable), 'histogram') : nothing}
      </div>
      <p class="note muted">${this.note(mode)}</p>
      ${this.asTable && this.histogram ? this.renderTable(this.histogram) : this.renderPicture(mode)}`;
  }
}
