import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Metric, metricFacts } from '../model/metric.js';
import { type Ramp } from '../model/ramp.js';
import { positionOn, type Scale, ticksOf } from '../model/scale.js';
import { baseStyles } from '../shared/styles.js';
import { onThemeChange, themeRamp } from '../shared/theme.js';

const width = 220;
const slices = 44;
const scaleNames: Readonly<Record<Scale['kind'], string>> = { log: 'logarithmic', linear: 'linear', quantile: 'quantile' };

/** The colour scale with its numbers, and what the cells without a colour mean. */
@customElement('rebase-legend')
export class Legend extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 2px 16px;
        font-size: var(--small);
        color: var(--muted);
        white-space: nowrap;
      }
      svg {
        display: block;
        overflow: visible;
      }
      text {
        fill: var(--muted);
        font-size: var(--small);
      }
      .keys {
        display: flex;
        gap: 12px;
        line-height: 12px;
      }
      .keys span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      .keys path {
        fill: none;
        stroke: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) scale: Scale | null = null;
  @property() metric: Metric = 'relativeChange';
  @property({ type: Boolean }) bare = false;
  /** What the scale is of, where there are several. */
  @property() caption = '';
  /** Whether to explain the mark of values without end. */
  @property({ type: Boolean }) unbounded = false;
  @state() private ramp: Ramp = themeRamp();
  private undo: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.ramp = themeRamp();
    this.undo = onThemeChange(() => (this.ramp = themeRamp()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo();
  }

  private renderScale(scale: Scale): TemplateResult {
    const slice = width / slices;
    const ticks = ticksOf(scale);
    const anchor = (index: number): string => (index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle');
    const label = `${this.caption} ${scaleNames[scale.kind]} scale from ${metricFacts[this.metric].format(scale.minimum)} to ${metricFacts[this.metric].format(scale.maximum)}`;
    return html`<svg width=${width} height="26" role="img" aria-label=${label}>
      ${Array.from({ length: slices }, (_, index) => {
        const color = this.ramp[Math.round((index / (slices - 1)) * (this.ramp.length - 1))];
        return svg`<rect x=${index * slice} y="0" width=${slice + 0.5} height="10" fill=${color ?? ''}></rect>`;
      })}
      ${ticks.map((tick, index) => {
        return svg`<text x=${(scale.kind === 'quantile' ? quantilePlace(index, ticks.length) : positionOn(scale, tick)) * width} y="22" text-anchor=${anchor(index)}>${metricFacts[this.metric].format(tick)}</text>`;
      })}
    </svg>`;
  }

  override render(): TemplateResult {
    const box = 'M.5 .5h13v10h-13z';
    const keys = html`<div class="keys">
      <span
        ><svg width="14" height="11" aria-hidden="true"><path d=${box}></path></svg>0</span
      >
      <span
        ><svg width="14" height="11" aria-hidden="true"><path d="${box}M4 8.5l6-6"></path></svg>not compared</span
      >
      ${this.unbounded ? html`<span>∞ unbounded</span>` : nothing}
    </div>`;
    return html`${this.caption === '' ? nothing : html`<span>${this.caption}</span>`}${this.scale ? this.renderScale(this.scale) : html`<span>no differences to colour</span>`}${this.bare ? '' : keys}`;
  }
}

/** Ticks of a quantile scale are quantiles: evenly spread, also where values are equal. */
function quantilePlace(index: number, count: number): number {
  return count === 1 ? 1 : index / (count - 1);
}
