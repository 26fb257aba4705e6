import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatNumber } from '../../base/format.js';
import { formatEstimate } from '../../connectivity/report/index.js';
import { drawAxes, drawCurve, drawPointed } from '../chart/chartParts.js';
import { chartStyles } from '../chart/chartStyles.js';
import { Figure, figureHostStyles, isElsewhere } from '../chart/figure.js';
import { runStyles } from '../chart/runMarks.js';
import type { Axis } from '../chart/axis.js';
import { type ChartLayout, layOutChart, pointAfterKey, pointAt, type PointPosition, xOf, yOf } from '../chart/chartLayout.js';
import type { RoundPoint, RoundsChart, RoundsSeries } from '../model/lineage/roundsSeries.js';
import { baseStyles } from '../shared/styles.js';
import { renderTooltip, tooltipStyles } from '../shared/tooltip.js';

function valueText({ value, standardError }: RoundPoint): string {
  return Number.isFinite(standardError) ? formatEstimate(value, standardError) : formatNumber(value);
}

function clipped({ minimum, maximum, ticks, decimals }: Axis, [least, most]: readonly [number, number]): Axis {
  const isWithin = (tick: number): boolean => tick >= least && tick <= most;
  return { minimum: Math.max(minimum, least), maximum: Math.min(maximum, most), ticks: ticks.filter(isWithin), decimals };
}

/**
 * Curves over releases. One tab stop, a slider to assistive technology: arrow keys move along a curve and from curve to
 * curve.
 */
@customElement('rebase-rounds-chart')
export class RoundsChartFigure extends Figure {
  static override styles = [
    baseStyles,
    runStyles,
    chartStyles,
    tooltipStyles,
    figureHostStyles,
    css`
      .releases text {
        fill: var(--vscode-foreground);
      }
    `,
  ];

  @property({ attribute: false }) chart: RoundsChart = {
    releases: [],
    series: [],
    quantity: '',
    inView: [],
    limits: [-Infinity, Infinity],
  };
  /** Of the vertical axis; empty where a heading says it. */
  @property() axisName = '';
  @state({ hasChanged: isElsewhere }) private focused: PointPosition | null = null;
  @state({ hasChanged: isElsewhere }) private hovered: PointPosition | null = null;

  /** Releases stand at 0, 1, 2, …; their names take the place of numbers on the axis. */
  private get layout(): ChartLayout {
    const { releases, series, inView, limits } = this.chart;
    const unseen = { points: [], chord: inView.map((value) => ({ at: 0, value })) };
    const layout = layOutChart([...series, unseen], this.size, [0, releases.length - 1]);
    return { ...layout, horizontal: { ...layout.horizontal, ticks: [] }, vertical: clipped(layout.vertical, limits) };
  }

  private found(position: PointPosition | null): { series: RoundsSeries; point: RoundPoint } | null {
    const series = this.chart.series[position?.series ?? -1];
    const point = series?.points[position?.point ?? -1];
    return series && point ? { series, point } : null;
  }

  private onMove(event: PointerEvent): void {
    const box = this.getBoundingClientRect();
    this.hovered = pointAt(this.layout, this.chart.series, event.clientX - box.left, event.clientY - box.top);
  }

  private onKey(event: KeyboardEvent): void {
    const next = pointAfterKey(event.key, this.chart.series, this.focused ?? { series: 0, point: 0 });
    if (next === null) return;
    this.focused = next;
    this.hovered = null;
    event.preventDefault();
  }

  private drawReleases(layout: ChartLayout): TemplateResult {
    return svg`<g class="releases">${this.chart.releases.map((release, index) => {
      const x = xOf(layout, index);
      return svg`<text x=${x} y=${layout.bottom + 17} text-anchor="middle">${release}</text>`;
    })}</g>`;
  }

  private renderPicture(layout: ChartLayout): TemplateResult {
    const { width, height } = layout;
    const pointed = this.found(this.hovered ?? this.focused);
    return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${drawAxes(layout, '', this.axisName)} ${this.drawReleases(layout)} ${this.chart.series.map((series) => drawCurve(layout, series))}
      ${pointed ? drawPointed(layout, pointed.point) : nothing}
    </svg>`;
  }

  private renderPointed(layout: ChartLayout): TemplateResult | typeof nothing {
    const found = this.found(this.hovered ?? this.focused);
    if (found === null || this.isSilent) return nothing;
    const { series, point } = found;
    const anchor = { x: xOf(layout, point.at) - 8, y: yOf(layout, point.value), width: 16 };
    return renderTooltip(`${point.release}: ${series.name}`, [[this.chart.quantity, valueText(point)]], anchor, layout);
  }

  override render(): TemplateResult {
    const { chart, layout } = this;
    const found = this.found(this.focused ?? { series: 0, point: 0 });
    return html`<div
        class="stage"
        role="slider"
        tabindex="0"
        aria-label="${chart.quantity} over releases. Arrow keys move from release to release and from curve to curve."
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${chart.releases.length - 1}
        aria-valuenow=${found?.point.at ?? 0}
        aria-valuetext=${found ? `${found.point.release}, ${found.series.name}: ${valueText(found.point)}` : 'no values yet'}
        @pointermove=${(event: PointerEvent) => this.onMove(event)}
        @pointerleave=${() => (this.hovered = null)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @focus=${() => (this.focused ??= { series: 0, point: 0 })}
        @blur=${() => (this.focused = null)}
      >
        ${layout.width === 0 ? nothing : this.renderPicture(layout)}
      </div>
      ${layout.width === 0 ? nothing : this.renderPointed(layout)}`;
  }
}
