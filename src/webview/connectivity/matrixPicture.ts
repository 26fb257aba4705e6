import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CellPosition } from '../model/heatmap.js';
import type { ChartSize } from '../chart/chartLayout.js';
import type { CellGrid } from '../model/connectivity/cellGrid.js';
import { describeMatrixCell, matrixFacts, type MatrixModel, matrixTitle, matrixValueAt } from '../model/connectivity/matrixModel.js';
import type { Measure } from '../model/connectivity/measure.js';
import { baseStyles } from '../shared/styles.js';
import { tooltipStyles } from '../shared/tooltip.js';
import { cellFigureStyles, matrixStyles } from '../chart/cellStyles.js';
import { drawMatrix, layOutMatrix, matrixSize } from '../chart/matrixDrawing.js';
import { CellFigure, type CellNote } from './cellFigure.js';
import { chartStyles } from '../chart/chartStyles.js';
import { figureHostStyles } from '../chart/figure.js';
import { themeDivergingColors } from './themeColors.js';

/** Sources × targets: the score in each cell, coloured by how much better or worse than the base of its column it is. */
@customElement('rebase-matrix-picture')
export class MatrixPicture extends CellFigure {
  static override styles = [baseStyles, chartStyles, tooltipStyles, figureHostStyles, cellFigureStyles, matrixStyles];

  @property({ attribute: false }) model!: MatrixModel;
  @property() measure: Measure = 'loss';
  protected override readonly label = 'Sources by targets. Arrow keys move, Enter chooses a cell.';

  protected override get pictureSize(): ChartSize {
    return matrixSize(this.model, this.size);
  }

  protected override get grid(): CellGrid {
    return layOutMatrix(this.model, this.pictureSize);
  }

  protected override noteOf(position: CellPosition): CellNote | null {
    const value = matrixValueAt(this.model, position);
    const isBase = this.model.rows[position.row]?.kind === 'base';
    return value && { title: matrixTitle(this.model, position), facts: matrixFacts(value, this.measure, isBase) };
  }

  protected override describe(position: CellPosition): string {
    return describeMatrixCell(this.model, this.measure, position);
  }

  protected override renderPicture(grid: CellGrid, frames: TemplateResult): TemplateResult {
    const { width, height } = this.pictureSize;
    return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${drawMatrix(this.model, grid, themeDivergingColors(), this.size.width)} ${frames}
    </svg>`;
  }
}
