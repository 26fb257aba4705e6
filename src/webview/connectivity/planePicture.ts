import { css, html, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatLoss, formatPosition } from '../../connectivity/report/index.js';
import { inkOn, parseColor } from '../model/color.js';
import type { CellPosition } from '../model/heatmap.js';
import { type CellGrid, layOutCells, originOf } from '../model/connectivity/cellGrid.js';
import { isoLine, levelsBetween } from '../model/connectivity/contour.js';
import { measureFacts, type Measure } from '../model/connectivity/measure.js';
import {
  describePlanePoint,
  heightShare,
  planeFacts,
  type PlaneModel,
  planePointAt,
  planeTitle,
} from '../model/connectivity/planeModel.js';
import { colorAt, type Ramp } from '../model/ramp.js';
import { baseStyles } from '../shared/styles.js';
import { themeRamp } from '../shared/theme.js';
import { tooltipStyles } from '../shared/tooltip.js';
import { cellFigureStyles } from '../chart/cellStyles.js';
import { CellFigure, type CellNote } from './cellFigure.js';
import { chartStyles } from '../chart/chartStyles.js';
import { figureHostStyles } from '../chart/figure.js';

const margins = { left: 62, right: 150, top: 16, bottom: 44 };
const levelCount = 9;
const legend = { width: 12, slices: 48 };
/** Pixels between the labels of an axis. */
const labelDistance = { x: 44, y: 20 };

/** Scores over the plane through three models: a cell for each point, lines of equal score, and the models. */
@customElement('rebase-plane-picture')
export class PlanePicture extends CellFigure {
  static override styles = [
    baseStyles,
    chartStyles,
    tooltipStyles,
    figureHostStyles,
    cellFigureStyles,
    css`
      .iso {
        fill: none;
        stroke-opacity: 0.9;
        stroke-width: 1;
      }
      .model circle {
        fill: var(--vscode-editor-background);
        stroke: var(--vscode-foreground);
        stroke-width: 2;
      }
      .model text {
        fill: var(--vscode-foreground);
        stroke: var(--vscode-editor-background);
        stroke-width: 3;
        paint-order: stroke;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) model!: PlaneModel;
  /** Names of the models at (0, 0), (1, 0) and (0, 1). */
  @property({ attribute: false }) names: readonly string[] = [];
  @property() measure: Measure = 'loss';
  @property({ attribute: false }) task = 0;
  protected override readonly label = 'Plane through three models. Arrow keys move from point to point, Enter chooses one.';

  protected override get grid(): CellGrid {
    const { left, right, top, bottom } = margins;
    const side = Math.min(this.size.width - left - right, this.size.height - top - bottom);
    const most = { mostWidth: side / this.model.xs.length, mostHeight: side / this.model.ys.length };
    return layOutCells(this.size, this.model.ys.length, this.model.xs.length, { ...margins, ...most });
  }

  protected override noteOf(position: CellPosition): CellNote | null {
    const point = planePointAt(this.model, position);
    return point && { title: planeTitle(point), facts: planeFacts(point, this.task, this.measure) };
  }

  protected override describe(position: CellPosition): string {
    return describePlanePoint(planePointAt(this.model, position), this.task, this.measure);
  }

  private drawCell(grid: CellGrid, index: number, ramp: Ramp): TemplateResult {
    const position = { row: Math.floor(index / grid.columns), column: index % grid.columns };
    const { x, y } = originOf(grid, position);
    const value = this.model.values[index] ?? NaN;
    const size = { width: grid.cellWidth + 0.4, height: grid.cellHeight + 0.4 };
    if (Number.isFinite(value)) {
      const fill = colorAt(ramp, heightShare(this.model, value));
      return svg`<rect x=${x} y=${y} width=${size.width} height=${size.height} fill=${fill}></rect>`;
    }
    const isScored = this.model.points[index] != null;
    const [middleX, middleY] = [x + grid.cellWidth / 2, y + grid.cellHeight / 2];
    return svg`<rect class="empty" x=${x} y=${y} width=${size.width} height=${size.height}></rect>
      ${isScored ? svg`<path class="cross" d="M${middleX - 4} ${middleY - 4}l8 8m0-8l-8 8"></path>` : ''}`;
  }

  /** Lines of a level lie on cells of about its colour. */
  private inkAt(level: number, ramp: Ramp): string {
    const color = parseColor(colorAt(ramp, heightShare(this.model, level)));
    return color ? inkOn(color) : 'currentColor';
  }

  private drawLevels(grid: CellGrid, ramp: Ramp): TemplateResult[] {
    const { values, minimum, maximum } = this.model;
    const heights = { values, columns: grid.columns, rows: grid.rows };
    const place = ([column, row]: readonly [number, number]): string =>
      `${(grid.left + (column + 0.5) * grid.cellWidth).toFixed(1)} ${(grid.top + (row + 0.5) * grid.cellHeight).toFixed(1)}`;
    return levelsBetween(minimum, maximum, levelCount).map((level) => {
      const path = isoLine(heights, level).map(({ from, to }) => `M${place(from)}L${place(to)}`);
      return svg`<path class="iso" d=${path.join('')} stroke=${this.inkAt(level, ramp)}></path>`;
    });
  }

  private drawModels(grid: CellGrid): TemplateResult[] {
    const { xs, ys } = this.model;
    const corners = [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const;
    return corners.flatMap(([x, y], index) => {
      const [column, row] = [xs.indexOf(x), ys.indexOf(y)];
      if (column < 0 || row < 0) return [];
      const [centreX, centreY] = [grid.left + (column + 0.5) * grid.cellWidth, grid.top + (row + 0.5) * grid.cellHeight];
      const below = centreY < grid.top + 24;
      return [
        svg`<g class="model"><circle cx=${centreX} cy=${centreY} r="5"></circle>
          <text x=${centreX} y=${centreY + (below ? 20 : -10)} text-anchor="middle">${this.names[index] ?? ''}</text></g>`,
      ];
    });
  }

  private drawAxes(grid: CellGrid): TemplateResult {
    const bottom = grid.top + grid.rows * grid.cellHeight;
    const everyX = Math.max(1, Math.ceil(labelDistance.x / grid.cellWidth));
    const everyY = Math.max(1, Math.ceil(labelDistance.y / grid.cellHeight));
    const [a, b, c] = this.names;
    const middle = { x: grid.left + (grid.columns * grid.cellWidth) / 2, y: grid.top + (grid.rows * grid.cellHeight) / 2 };
    return svg`<g class="axes">
      ${this.model.xs.map((x, column) => (column % everyX === 0 ? svg`<text x=${grid.left + (column + 0.5) * grid.cellWidth} y=${bottom + 15} text-anchor="middle">${formatPosition(x)}</text>` : ''))}
      ${this.model.ys.map((y, row) => ((grid.rows - 1 - row) % everyY === 0 ? svg`<text x=${grid.left - 7} y=${grid.top + (row + 0.5) * grid.cellHeight + 4} text-anchor="end">${formatPosition(y)}</text>` : ''))}
      <text class="name" x=${middle.x} y=${bottom + 34} text-anchor="middle">x: ${a} → ${b}</text>
      <text class="name" x="14" y=${middle.y} text-anchor="middle" transform="rotate(-90 14 ${middle.y})">y: ${a} → ${c}</text>
    </g>`;
  }

  private drawLegend(grid: CellGrid, ramp: Ramp): TemplateResult {
    const { minimum, maximum } = this.model;
    if (!(maximum > minimum)) return svg``;
    const [x, height] = [grid.left + grid.columns * grid.cellWidth + 24, grid.rows * grid.cellHeight];
    const slice = height / legend.slices;
    const yAt = (share: number): number => grid.top + (1 - share) * height;
    return svg`${Array.from({ length: legend.slices }, (_, index) => {
      return svg`<rect x=${x} y=${yAt((index + 1) / legend.slices)} width=${legend.width} height=${slice + 0.5} fill=${colorAt(ramp, index / (legend.slices - 1))}></rect>`;
    })}
    ${[minimum, ...levelsBetween(minimum, maximum, levelCount), maximum].map((level) => {
      const y = yAt(heightShare(this.model, level));
      return svg`<line class="iso" x1=${x} x2=${x + legend.width} y1=${y} y2=${y} stroke=${this.inkAt(level, ramp)}></line>
        <text class="label" x=${x + legend.width + 6} y=${y + 4}>${formatLoss(level)}</text>`;
    })}
    <text class="label" x=${x + legend.width} y=${grid.top + height + 22} text-anchor="middle">${measureFacts[this.measure].label}</text>`;
  }

  protected override renderPicture(grid: CellGrid, frames: TemplateResult): TemplateResult {
    const { width, height } = this.size;
    const ramp = themeRamp();
    return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${this.model.points.map((_, index) => this.drawCell(grid, index, ramp))} ${this.drawLevels(grid, ramp)} ${this.drawAxes(grid)}
      ${this.drawLegend(grid, ramp)} ${this.drawModels(grid)} ${frames}
    </svg>`;
  }
}
