import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CellPosition, Heatmap, HeatmapValues } from '../model/heatmap.js';
import { describeCell } from '../model/heatmap.js';
import { cellNear, plotLayerProfile, type ProfilePlot } from '../model/layerProfile.js';
import { type Metric, metricFacts } from '../model/metric.js';
import { baseStyles } from '../shared/styles.js';
import { runClass, runStyles } from '../chart/runMarks.js';

const height = 124;

/**
 * The heat map's columns as lines through the layers; the numbers are those of the heat map and of the table behind it.
 * Fires `point-cell` with the cell under the pointer, and `choose-cell` on click.
 */
@customElement('rebase-layer-profile')
export class LayerProfile extends LitElement {
  static override styles = [
    baseStyles,
    runStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        padding: 0 6px 4px;
        border-top: 1px solid var(--line);
      }
      svg {
        display: block;
      }
      path {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.25;
        stroke-linejoin: round;
      }
      .faint {
        stroke-opacity: 0.3;
      }
      .strong {
        stroke-width: 2.25;
      }
      circle {
        fill: var(--ink);
      }
      .place {
        fill: none;
        stroke: var(--focus);
        stroke-width: 2;
      }
      line {
        stroke: var(--muted);
        stroke-opacity: 0.25;
      }
      text {
        fill: var(--muted);
        font-size: 10px;
      }
      p {
        min-height: 17px;
        padding: 0 6px;
        font-size: var(--small);
        color: var(--muted);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: Heatmap;
  @property({ attribute: false }) values!: HeatmapValues;
  @property() metric: Metric = 'relativeChange';
  @property({ attribute: false }) pointed: CellPosition | null = null;
  @state() private width = 0;
  private resize: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(([entry]) => (this.width = Math.floor(entry?.contentRect.width ?? 0)));
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  private cellUnder({ currentTarget, clientX, clientY }: MouseEvent, plot: ProfilePlot): CellPosition | null {
    const box = (currentTarget as Element).getBoundingClientRect();
    return cellNear(this.heatmap, plot, clientX - box.left, clientY - box.top);
  }

  private point(position: CellPosition | null): void {
    this.dispatchEvent(new CustomEvent('point-cell', { detail: position }));
  }

  private choose(position: CellPosition | null): void {
    if (position) this.dispatchEvent(new CustomEvent('choose-cell', { detail: position }));
  }

  private renderLines({ lines, placeOf }: ProfilePlot): TemplateResult {
    const { pointed } = this;
    const place = pointed && placeOf(pointed);
    const drawn = lines.map(({ column, path, dots }, index) => {
      const weight = place === null ? '' : column === pointed?.column ? 'strong' : 'faint';
      return svg`<g class=${runClass(index)}><path class=${weight} d=${path}></path>${dots.map(({ x, y }) => svg`<circle cx=${x} cy=${y} r="2"></circle>`)}</g>`;
    });
    return svg`${drawn}${place ? svg`<circle class="place" cx=${place.x} cy=${place.y} r="4.5"></circle>` : nothing}`;
  }

  private renderAxes({ ticks, layers, left, right, bottom }: ProfilePlot): TemplateResult {
    return svg`${ticks.map(({ y, text }) => {
      return svg`<line x1=${left} x2=${right} y1=${y} y2=${y}></line><text x=${left - 6} y=${y + 3} text-anchor="end">${text}</text>`;
    })}
      ${layers.map(({ x, text }) => svg`<text x=${x} y=${bottom + 13} text-anchor="middle">${text}</text>`)}`;
  }

  override render(): TemplateResult | typeof nothing {
    const plot = plotLayerProfile(this.heatmap, this.values, { width: this.width, height });
    if (plot === null) return nothing;
    const { label } = metricFacts[this.metric];
    const what = `${label} by layer, one line for each kind of module`;
    return html`<p role="status">${this.pointed ? describeCell(this.heatmap, this.metric, this.pointed) : what}</p>
      <svg
        width=${this.width}
        height=${height}
        role="img"
        aria-label=${what}
        @pointermove=${(event: PointerEvent) => this.point(this.cellUnder(event, plot))}
        @pointerleave=${() => this.point(null)}
        @click=${(event: MouseEvent) => this.choose(this.cellUnder(event, plot))}
      >
        ${this.renderAxes(plot)} ${this.renderLines(plot)}
      </svg>`;
  }
}
