import { nothing, svg, type TemplateResult } from 'lit';
import { formatLoss } from '../../connectivity/report/index.js';
import { type CellGrid, layOutCells, originOf } from '../model/connectivity/cellGrid.js';
import { type DivergingColors, paintDeviation } from '../model/connectivity/divergingScale.js';
import { type MatrixModel, matrixValueAt } from '../model/connectivity/matrixModel.js';
import type { CellPosition } from '../model/heatmap.js';
import { shortenedApart } from '../model/labels.js';
import type { ChartSize } from './chartLayout.js';

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

/** As large as the room; larger where cells would get too small. */
export function matrixSize({ rows, columnLabels }: MatrixModel, room: ChartSize): ChartSize {
  const { left, right, top, bottom } = margins;
  const height = top + rows.length * leastCell.height + bottom;
  const width = height > room.height ? room.width - scrollbar : room.width;
  return { width: Math.max(width, left + columnLabels.length * leastCell.width + right), height: Math.max(room.height, height) };
}

export function layOutMatrix({ rows, columnLabels }: MatrixModel, size: ChartSize): CellGrid {
  return layOutCells(size, rows.length, columnLabels.length, margins);
}

/** Cells, labels, separators and the colour scale. @param room width that is seen, which the scale keeps to */
export function drawMatrix(model: MatrixModel, grid: CellGrid, colors: DivergingColors, room: number): TemplateResult {
  const cells = model.values.map((_, index) => {
    return drawCell(model, grid, { row: Math.floor(index / grid.columns), column: index % grid.columns }, colors);
  });
  return svg`${cells}${drawColumnLabels(model, grid)}${drawRowLabels(model, grid)}${drawSeparators(grid)}${drawLegend(model, grid, colors, room)}`;
}

function drawCell(model: MatrixModel, grid: CellGrid, position: CellPosition, colors: DivergingColors): TemplateResult {
  const value = matrixValueAt(model, position);
  const { x, y } = originOf(grid, position);
  const [width, height] = [grid.cellWidth - 1, grid.cellHeight - 1];
  const [middle, line] = [x + width / 2, y + height / 2 + 4];
  if (value === null) {
    return svg`<rect class="empty" x=${x + 0.5} y=${y + 0.5} width=${width - 1} height=${height - 1}></rect>
      <text class="label" x=${middle} y=${line} text-anchor="middle">–</text>`;
  }
  const isKnown = Number.isFinite(value.gain) && model.largestGain > 0;
  const { fill, ink } = paintDeviation(colors, isKnown ? value.gain / model.largestGain : 0);
  const text = svg`<text x=${middle} y=${line} text-anchor="middle" fill=${ink}>${formatLoss(value.value)}</text>`;
  const cross = Number.isFinite(value.value) ? nothing : svg`<path class="cross" d="M${x + width - 14} ${y + 5}l8 8m0-8l-8 8"></path>`;
  return svg`<rect class="cell" x=${x} y=${y} width=${width} height=${height} fill=${fill}></rect>${text}${cross}`;
}

function drawColumnLabels(model: MatrixModel, grid: CellGrid): TemplateResult[] {
  const { columnLabels } = model;
  return shortenedApart(columnLabels, Math.floor((grid.cellWidth - 6) / characterWidth)).map((label, column) => {
    const x = grid.left + (column + 0.5) * grid.cellWidth;
    return svg`<text class="strong" x=${x} y=${grid.top - 10} text-anchor="middle">${drawName(label, columnLabels[column])}</text>`;
  });
}

function drawRowLabels(model: MatrixModel, grid: CellGrid): TemplateResult[] {
  const { rowLabels, rows } = model;
  return shortenedApart(rowLabels, Math.floor((grid.left - 16) / characterWidth)).map((label, row) => {
    const y = grid.top + (row + 0.5) * grid.cellHeight + 4;
    const rank = rows[row]?.kind === 'source' ? 'label' : 'strong';
    return svg`<text class=${rank} x=${grid.left - 10} y=${y} text-anchor="end">${drawName(label, rowLabels[row])}</text>`;
  });
}

function drawSeparators(grid: CellGrid): TemplateResult[] {
  const right = grid.left + grid.columns * grid.cellWidth;
  return [1, grid.rows - 1].map((row) => {
    const y = grid.top + row * grid.cellHeight - 0.5;
    return svg`<line class="separator" x1=${grid.left} x2=${right - 1} y1=${y} y2=${y}></line>`;
  });
}

function drawLegend(model: MatrixModel, grid: CellGrid, colors: DivergingColors, room: number): TemplateResult {
  const top = grid.top + grid.rows * grid.cellHeight + 18;
  const legendWidth = Math.min(legend.width, room - grid.left - margins.right);
  const slice = legendWidth / legend.slices;
  const largest = formatLoss(model.largestGain);
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
