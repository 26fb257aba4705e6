import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatLoss } from '../../connectivity/report/index.js';
import type { CellPosition } from '../model/heatmap.js';
import type { ChartSize } from '../chart/chartLayout.js';
import { type CellGrid, layOutCells, originOf } from '../model/connectivity/cellGrid.js';
import { type DivergingColors, paintDeviation } from '../model/connectivity/divergingScale.js';
import { describeMatrixCell, matrixFacts, type MatrixModel, matrixTitle, matrixValueAt } from '../model/connectivity/matrixModel.js';
import type { Measure } from '../model/connectivity/measure.js';
import { shortenedApart } from '../model/labels.js';
import { baseStyles } from '../shared/styles.js';
import { tooltipStyles } from '../shared/tooltip.js';
import { CellFigure, cellFigureStyles, type CellNote } from './cellFigure.js';
import { chartStyles } from '../chart/chartStyles.js';
import { figureHostStyles } from '../chart/figure.js';
import { themeDivergingColors } from './themeColors.js';

const margins = { left: 132, right: 16, top: 34, bottom: 64, mostWidth: 170, mostHeight: 66 };
const legend = { width: 320, height: 10, slices: 64 };
/** Pixels: smaller cells could neither be read nor hit, so that the picture scrolls instead. */
const leastCell = { width: 64, height: 24 };
const scrollbar = 14;
/** Pixels of a character of the labels, which are cut by it. */
const characterWidth = 6.4;

/** A label with the whole name as its hint where it was cut. */
function drawName(label: string, name = ''): TemplateResult {
  return label === name ? svg`${label}` : svg`${label}<title>${name}</title>`;
}

/** Sources × targets: the score in each cell, coloured by how much better or worse than the base of its column it is. */
@customElement('rebase-matrix-picture')
export class MatrixPicture extends CellFigure {
  static override styles = [
    baseStyles,
    chartStyles,
    tooltipStyles,
    figureHostStyles,
    cellFigureStyles,
    css`
      .cell {
        stroke: var(--line);
        stroke-width: 1;
      }
      .separator {
        stroke: var(--muted);
        stroke-opacity: 0.6;
      }
    `,
  ];

  @property({ attribute: false }) model!: MatrixModel;
  @property() measure: Measure = 'loss';
  protected override readonly label = 'Sources by targets. Arrow keys move, Enter chooses a cell.';

  protected override get pictureSize(): ChartSize {
    const { left, right, top, bottom } = margins;
    const height = top + this.model.rows.length * leastCell.height + bottom;
    const room = height > this.size.height ? this.size.width - scrollbar : this.size.width;
    return {
      width: Math.max(room, left + this.model.columnLabels.length * leastCell.width + right),
      height: Math.max(this.size.height, height),
    };
  }

  protected override get grid(): CellGrid {
    return layOutCells(this.pictureSize, this.model.rows.length, this.model.columnLabels.length, margins);
  }

  protected override noteOf(position: CellPosition): CellNote | null {
    const value = matrixValueAt(this.model, position);
    const isBase = this.model.rows[position.row]?.kind === 'base';
    return value && { title: matrixTitle(this.model, position), facts: matrixFacts(value, this.measure, isBase) };
  }

  protected override describe(position: CellPosition): string {
    return describeMatrixCell(this.model, this.measure, position);
  }

  private drawCell(grid: CellGrid, position: CellPosition, colors: DivergingColors): TemplateResult {
    const value = matrixValueAt(this.model, position);
    const { x, y } = originOf(grid, position);
    const [width, height] = [grid.cellWidth - 1, grid.cellHeight - 1];
    const [middle, line] = [x + width / 2, y + height / 2 + 4];
    if (value === null) {
      return svg`<rect class="empty" x=${x + 0.5} y=${y + 0.5} width=${width - 1} height=${height - 1}></rect>
        <text class="label" x=${middle} y=${line} text-anchor="middle">–</text>`;
    }
    const isKnown = Number.isFinite(value.gain) && this.model.largestGain > 0;
    const { fill, ink } = paintDeviation(colors, isKnown ? value.gain / this.model.largestGain : 0);
    const text = svg`<text x=${middle} y=${line} text-anchor="middle" fill=${ink}>${formatLoss(value.value)}</text>`;
    const cross = Number.isFinite(value.value) ? nothing : svg`<path class="cross" d="M${x + width - 14} ${y + 5}l8 8m0-8l-8 8"></path>`;
    return svg`<rect class="cell" x=${x} y=${y} width=${width} height=${height} fill=${fill}></rect>${text}${cross}`;
  }

  private drawColumnLabels(grid: CellGrid): TemplateResult[] {
    const { columnLabels } = this.model;
    return shortenedApart(columnLabels, Math.floor((grid.cellWidth - 6) / characterWidth)).map((label, column) => {
      const x = grid.left + (column + 0.5) * grid.cellWidth;
      return svg`<text class="strong" x=${x} y=${grid.top - 10} text-anchor="middle">${drawName(label, columnLabels[column])}</text>`;
    });
  }

  private drawRowLabels(grid: CellGrid): TemplateResult[] {
    const { rowLabels, rows } = this.model;
    return shortenedApart(rowLabels, Math.floor((grid.left - 16) / characterWidth)).map((label, row) => {
      const y = grid.top + (row + 0.5) * grid.cellHeight + 4;
      const rank = rows[row]?.kind === 'source' ? 'label' : 'strong';
      return svg`<text class=${rank} x=${grid.left - 10} y=${y} text-anchor="end">${drawName(label, rowLabels[row])}</text>`;
    });
  }

  private drawSeparators(grid: CellGrid): TemplateResult[] {
    const right = grid.left + grid.columns * grid.cellWidth;
    return [1, grid.rows - 1].map((row) => {
      const y = grid.top + row * grid.cellHeight - 0.5;
      return svg`<line class="separator" x1=${grid.left} x2=${right - 1} y1=${y} y2=${y}></line>`;
    });
  }

  private drawLegend(grid: CellGrid, colors: DivergingColors): TemplateResult {
    const top = grid.top + grid.rows * grid.cellHeight + 18;
    const legendWidth = Math.min(legend.width, this.size.width - grid.left - margins.right);
    const slice = legendWidth / legend.slices;
    const largest = formatLoss(this.model.largestGain);
    return svg`<g transform="translate(${grid.left} ${top})">
      ${Array.from({ length: legend.slices }, (_, index) => {
        const { fill } = paintDeviation(colors, (index / (legend.slices - 1)) * 2 - 1);
        return svg`<rect x=${index * slice} y="0" width=${slice + 0.5} height=${legend.height} fill=${fill}></rect>`;
      })}
      <text class="label" x="0" y="24">worse by ${largest}</text>
      <text class="label" x=${legendWidth / 2} y="24" text-anchor="middle">base</text>
      <text class="label" x=${legendWidth} y="24" text-anchor="end">better by ${largest}</text>
    </g>`;
  }

  protected override renderPicture(grid: CellGrid, frames: TemplateResult): TemplateResult {
    const { width, height } = this.pictureSize;
    const colors = themeDivergingColors();
    const cells = this.model.values.map((_, index) => {
      return this.drawCell(grid, { row: Math.floor(index / grid.columns), column: index % grid.columns }, colors);
    });
    return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${cells} ${this.drawColumnLabels(grid)} ${this.drawRowLabels(grid)} ${this.drawSeparators(grid)} ${this.drawLegend(grid, colors)}
      ${frames}
    </svg>`;
  }
}
