import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type ChartLayout, pointAfterKey, pointAt, type PointPosition, xOf, yOf } from '../chart/chartLayout.js';
import { measureFacts, type Measure } from '../model/connectivity/measure.js';
import { describePoint, pointFacts, pointTitle } from '../model/connectivity/lineWords.js';
import { type Series, type SeriesPoint } from '../model/connectivity/series.js';
import { baseStyles } from '../shared/styles.js';
import { renderTooltip, tooltipStyles } from '../shared/tooltip.js';
import { drawPointed } from '../chart/chartParts.js';
import { chartStyles } from '../chart/chartStyles.js';
import { drawLines, layOutLines } from '../chart/lineDrawing.js';
import { Figure, figureHostStyles, isElsewhere } from '../chart/figure.js';
import { runStyles } from '../chart/runMarks.js';

/**
 * Curves with error bars, chords and barriers. One tab stop, a slider to assistive technology: arrow keys move along a
 * curve and from curve to curve. Fires `choose-point` with the position on click, Enter or Space.
 */
@customElement('rebase-line-chart')
export class LineChart extends Figure {
  static override styles = [baseStyles, runStyles, chartStyles, tooltipStyles, figureHostStyles];

  @property({ attribute: false }) series: readonly Series[] = [];
  @property() measure: Measure = 'loss';
  @property({ attribute: false }) chosen: PointPosition | null = null;
  @state({ hasChanged: isElsewhere }) private focused: PointPosition | null = null;
  @state({ hasChanged: isElsewhere }) private hovered: PointPosition | null = null;

  private pointOf(position: PointPosition | null): SeriesPoint | null {
    return (position && this.series[position.series]?.points[position.point]) ?? null;
  }

  private get layout(): ChartLayout {
    return layOutLines(this.series, this.measure, this.size);
  }

  private onMove(event: PointerEvent): void {
    const box = this.getBoundingClientRect();
    this.hovered = pointAt(this.layout, this.series, event.clientX - box.left, event.clientY - box.top);
  }

  private onKey(event: KeyboardEvent): void {
    const from = this.focused ?? this.chosen ?? { series: 0, point: 0 };
    const next = pointAfterKey(event.key, this.series, from);
    if (next) {
      this.focused = next;
      this.hovered = null;
    } else if (event.key === 'Enter' || event.key === ' ') this.choose(from);
    else return;
    event.preventDefault();
  }

  private choose(position: PointPosition | null): void {
    if (this.pointOf(position)) this.send('choose-point', position);
  }

  private renderPointed(layout: ChartLayout): TemplateResult | typeof nothing {
    const position = this.hovered ?? this.focused;
    const point = this.pointOf(position);
    const series = position && this.series[position.series];
    if (!point || !series || this.isSilent) return nothing;
    const anchor = { x: xOf(layout, point.at) - 8, y: yOf(layout, point.value), width: 16 };
    return renderTooltip(pointTitle(series, point), pointFacts(series, point, this.measure), anchor, layout);
  }

  private renderPicture(layout: ChartLayout): TemplateResult {
    const pointed = this.pointOf(this.hovered ?? this.focused) ?? this.pointOf(this.chosen);
    const { width, height } = layout;
    return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${drawLines(layout, this.series, this.measure, this.chosen?.series ?? 0)} ${pointed ? drawPointed(layout, pointed) : nothing}
    </svg>`;
  }

  override render(): TemplateResult {
    const layout = this.layout;
    const position = this.focused ?? this.chosen ?? { series: 0, point: 0 };
    const [series, point] = [this.series[position.series], this.pointOf(position)];
    return html`<div
        class="stage"
        role="slider"
        tabindex="0"
        aria-label="Curve of ${measureFacts[this.measure].label.toLowerCase()}. Arrow keys move from point to point, Enter chooses one."
        aria-orientation="horizontal"
        aria-valuemin=${layout.horizontal.minimum}
        aria-valuemax=${layout.horizontal.maximum}
        aria-valuenow=${point?.at ?? 0}
        aria-valuetext=${series && point ? describePoint(series, point, this.measure) : 'no points yet'}
        @pointermove=${(event: PointerEvent) => this.onMove(event)}
        @pointerleave=${() => (this.hovered = null)}
        @click=${() => this.choose(this.hovered)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @focus=${() => (this.focused ??= this.chosen)}
        @blur=${() => (this.focused = null)}
      >
        ${layout.width === 0 ? nothing : this.renderPicture(layout)}
      </div>
      ${layout.width === 0 ? nothing : this.renderPointed(layout)}`;
  }
}
