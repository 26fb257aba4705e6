import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffView, ExportedPicture } from '../messages.js';
import {
  type CellPosition,
  type Colouring,
  defaultColouring,
  filterOfCell,
  hasUnbounded,
  type Heatmap,
  type HeatmapValues,
  heatmapValues,
  makeHeatmap,
  type VectorChoice,
} from '../model/heatmap.js';
import { heatmapSvg } from '../model/heatmapSvg.js';
import { isMetric, type Metric, metricFacts, metrics } from '../model/metric.js';
import { type ScaleChoice, scaleChoices } from '../model/scale.js';
import type { CellFilter } from '../model/tensorOrder.js';
import { runColor } from '../chart/runMarks.js';
import { toPng } from '../chart/svgFile.js';
import '../shared/menu.js';
import type { MenuItem } from '../shared/menu.js';
import { actionStyles, baseStyles } from '../shared/styles.js';
import { renderTableButton } from '../shared/tableButton.js';
import { themeColor, themeRamp } from '../shared/theme.js';
import './heatmapCanvas.js';
import './heatmapTable.js';
import './layerProfile.js';
import './legend.js';
import './outsideCells.js';

const scaleLabels: Readonly<Record<ScaleChoice, string>> = {
  auto: 'Automatic Scale',
  log: 'Logarithmic Scale',
  linear: 'Linear Scale',
  quantile: 'Quantile Scale',
};
const vectorLabels: Readonly<Record<VectorChoice, string>> = {
  apart: 'Norms on Their Own Scale',
  together: 'Norms on the Same Scale',
  omit: 'Leave Out Norms',
};
const pictureItems: readonly MenuItem[] = [
  { id: 'svg', label: 'Save as SVG' },
  { id: 'png', label: 'Save as PNG' },
];
/** Colours of the exported lines. */
const lineColors = 6;

/**
 * The layer × module picture with its controls, and below it the layer profile. Fires `metric-change`, `colouring-change`,
 * `table-change`, `choose-filter`, `point-filter` with what the pointer is on (null for nothing), and `export-picture`.
 */
@customElement('rebase-heatmap-view')
export class HeatmapView extends LitElement {
  static override styles = [
    baseStyles,
    actionStyles,
    css`
      :host {
        display: grid;
        grid-template: auto auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
        container-type: size;
      }
      /* Where both do not fit, the map is worth more than its lines. */
      @container (max-height: 429px) {
        rebase-layer-profile {
          display: none;
        }
      }
      .bar {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 2px 4px;
        min-height: 35px;
        padding: 0 8px 0 12px;
      }
      .bar h2 {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      vscode-single-select {
        width: 140px;
      }
      .legends {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .legends,
      rebase-outside-cells {
        padding: 0 12px 6px;
      }
      /* A narrow panel says it on the tab. */
      @container (max-width: 459px) {
        .bar h2 {
          display: none;
        }
      }
      .body {
        display: grid;
        min-height: 0;
        padding-left: 6px;
      }
      p {
        padding: 8px 6px;
      }
    `,
  ];

  @property({ attribute: false }) view!: DiffView;
  @property() metric: Metric = 'relativeChange';
  @property({ attribute: false }) colouring: Colouring = defaultColouring;
  @property({ type: Boolean }) asTable = false;
  /** What is pointed at, here or in the table. */
  @property({ attribute: false }) pointed: CellFilter | null = null;
  @property({ attribute: false }) chosen: CellFilter | null = null;
  private heatmap!: Heatmap;
  private values!: HeatmapValues;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('view') || changed.has('colouring');
    if (isOther) this.heatmap = makeHeatmap(this.view, this.colouring.vectors);
    if (isOther || changed.has('metric')) this.values = heatmapValues(this.heatmap, this.metric, this.colouring);
  }

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private cellOf(filter: CellFilter | null): CellPosition | null {
    if (filter === null) return null;
    const row = this.heatmap.rows.findIndex(({ index }) => index === filter.layer);
    const column = this.heatmap.columns.findIndex(({ index }) => index === filter.module);
    return row < 0 || column < 0 ? null : { row, column };
  }

  private point(position: CellPosition | null): void {
    this.send('point-filter', position && filterOfCell(this.heatmap, position));
  }

  private colourItems(): MenuItem[] {
    const { scale, vectors } = this.colouring;
    const hasVectors = this.heatmap.columns.some(({ isVector }) => isVector) || vectors === 'omit';
    return [
      ...scaleChoices.map((choice) => ({ id: choice, label: scaleLabels[choice], checked: choice === scale })),
      ...(Object.keys(vectorLabels) as VectorChoice[]).map((choice, index) => {
        return { id: choice, label: vectorLabels[choice], checked: choice === vectors, disabled: !hasVectors, startsGroup: index === 0 };
      }),
    ];
  }

  private onColour(id: string): void {
    const scale = scaleChoices.find((choice) => choice === id);
    this.send('colouring-change', scale === undefined ? { ...this.colouring, vectors: id } : { ...this.colouring, scale });
  }

  private async export(format: string): Promise<void> {
    const { heatmap, values, metric, view } = this;
    const colors = {
      ramp: themeRamp(),
      background: themeColor('--vscode-editor-background', 'white'),
      text: themeColor('--vscode-foreground', 'black'),
      muted: themeColor('--vscode-descriptionForeground', 'gray'),
      fontFamily: getComputedStyle(document.body).fontFamily,
      lines: Array.from({ length: lineColors }, (_, index) => runColor(index)),
    };
    const svg = heatmapSvg({ title: `${view.a.name} → ${view.b.name}`, heatmap, values, metric, colors });
    const picture: ExportedPicture = format === 'svg' ? { format, text: svg.text } : { format: 'png', bytes: await toPng(svg) };
    this.send('export-picture', picture);
  }

  private onMetric(event: Event): void {
    const { value } = event.target as HTMLElement & { value: string };
    if (isMetric(value)) this.send('metric-change', value);
  }

  private renderBar(): TemplateResult {
    return html`<div class="bar">
      <h2>Layers × modules</h2>
      <vscode-single-select
        label="Metric"
        title=${metricFacts[this.metric].meaning}
        .value=${this.metric}
        @change=${(event: Event) => this.onMetric(event)}
      >
        ${metrics.map((metric) => html`<vscode-option value=${metric} ?selected=${metric === this.metric}>${metricFacts[metric].label}</vscode-option>`)}
      </vscode-single-select>
      <rebase-menu
        label="Colours"
        .items=${this.colourItems()}
        @choose=${({ detail }: CustomEvent<string>) => this.onColour(detail)}
      ></rebase-menu>
      <rebase-menu
        label="Picture"
        .items=${pictureItems}
        @choose=${({ detail }: CustomEvent<string>) => void this.export(detail)}
      ></rebase-menu>
      ${renderTableButton(this.asTable, () => this.send('table-change', !this.asTable))}
    </div>`;
  }

  private renderBody(): TemplateResult {
    const { heatmap, values, metric } = this;
    if (heatmap.rows.length === 0) return html`<p class="muted">No numbered layers were found in the tensor names.</p>`;
    const choose = ({ detail }: CustomEvent<CellPosition>): void => this.send('choose-filter', filterOfCell(heatmap, detail));
    if (this.asTable)
      return html`<rebase-heatmap-table .heatmap=${heatmap} .metric=${metric} @choose-cell=${choose}></rebase-heatmap-table>`;
    return html`<rebase-heatmap-canvas
      .heatmap=${heatmap}
      .values=${values}
      .metric=${metric}
      .chosen=${this.cellOf(this.chosen)}
      .pointed=${this.cellOf(this.pointed)}
      @point-cell=${({ detail }: CustomEvent<CellPosition | null>) => this.point(detail)}
      @choose-cell=${choose}
    ></rebase-heatmap-canvas>`;
  }

  private renderLegends(): TemplateResult {
    const { scale, vectorScale } = this.values;
    const apart = vectorScale !== null && vectorScale !== scale;
    const vectors = html`<rebase-legend bare caption="norms" .scale=${vectorScale} .metric=${this.metric}></rebase-legend>`;
    return html`<div class="legends">
      <rebase-legend
        caption=${apart ? 'matrices' : ''}
        .scale=${scale}
        .metric=${this.metric}
        .unbounded=${hasUnbounded(this.values)}
      ></rebase-legend>
      ${apart ? vectors : nothing}
    </div>`;
  }

  private renderProfile(): TemplateResult {
    const { heatmap, values, metric } = this;
    return html`<rebase-layer-profile
      .heatmap=${heatmap}
      .values=${values}
      .metric=${metric}
      .pointed=${this.cellOf(this.pointed)}
      @point-cell=${({ detail }: CustomEvent<CellPosition | null>) => this.point(detail)}
      @choose-cell=${({ detail }: CustomEvent<CellPosition>) => this.send('choose-filter', filterOfCell(heatmap, detail))}
    ></rebase-layer-profile>`;
  }

  override render(): TemplateResult {
    const { heatmap, values, metric } = this;
    return html`${this.renderBar()} ${this.asTable ? html`<span></span>` : this.renderLegends()}
      ${
        heatmap.outside.length === 0
          ? html`<span></span>`
          : html`<rebase-outside-cells
              .cells=${heatmap.outside}
              .values=${values}
              .metric=${metric}
              .chosen=${this.chosen}
              @choose-filter=${({ detail }: CustomEvent<CellFilter>) => this.send('choose-filter', detail)}
            ></rebase-outside-cells>`
      }
      <div class="body">${this.renderBody()}</div>
      ${this.asTable ? nothing : this.renderProfile()}`;
  }
}
