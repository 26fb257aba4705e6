import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type HeatmapValues, metricText, type OutsideCell, scaleOf } from '../model/heatmap.js';
import { type Metric, metricFacts } from '../model/metric.js';
import { colorAt, type Ramp } from '../model/ramp.js';
import { positionOn } from '../model/scale.js';
import type { CellFilter } from '../model/tensorOrder.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { onThemeChange, themeRamp } from '../shared/theme.js';

/** More of them would push the picture away; all are in the tensor table. */
const mostShown = 6;

/** Modules outside all layers (embeddings, final norm, head) as cells of their own. Fires `choose-filter`. */
@customElement('rebase-outside-cells')
export class OutsideCells extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 4px;
      }
      button.action {
        max-width: 260px;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      rect {
        stroke: var(--muted);
        stroke-opacity: 0.4;
      }
    `,
  ];

  @property({ attribute: false }) cells: readonly OutsideCell[] = [];
  @property({ attribute: false }) values!: HeatmapValues;
  @property() metric: Metric = 'relativeChange';
  @property({ attribute: false }) chosen: CellFilter | null = null;
  @state() private ramp: Ramp = themeRamp();
  private undo: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.undo = onThemeChange(() => (this.ramp = themeRamp()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undo();
  }

  private renderCell(cell: OutsideCell, value: number | null): TemplateResult {
    const { group, filter } = cell;
    const scale = scaleOf(this.values, cell);
    const fill = value && scale && value !== Infinity ? colorAt(this.ramp, positionOn(scale, value)) : 'none';
    const pressed = this.chosen?.layer === filter.layer && this.chosen.module === filter.module;
    const { format, valueOf } = metricFacts[this.metric];
    return html`<button
      class="action"
      aria-pressed=${pressed}
      aria-label="${group.module}: ${metricText(group, this.metric)}"
      @click=${() => this.dispatchEvent(new CustomEvent('choose-filter', { detail: filter }))}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${svg`<rect x="2.5" y="2.5" width="11" height="11" fill=${fill}></rect>`}</svg>
      <span class="name">${group.module}</span><span class="muted">${format(valueOf(group))}</span>
    </button>`;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.cells.length === 0) return nothing;
    const byValue = this.cells.map((cell, index) => ({ cell, value: this.values.outside[index] ?? null }));
    if (byValue.length > mostShown) byValue.sort((one, other) => (other.value ?? -1) - (one.value ?? -1));
    const left = byValue.length - mostShown;
    return html`<span class="muted">Outside layers</span>
      ${byValue.slice(0, mostShown).map(({ cell, value }) => this.renderCell(cell, value))}
      ${left > 0 ? html`<span class="muted">and ${left} more in the table</span>` : nothing}`;
  }
}
