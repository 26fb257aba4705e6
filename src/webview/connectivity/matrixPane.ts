import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { MatrixRun } from '../../connectivity/report/index.js';
import { matrixTable } from '../model/connectivity/cellTables.js';
import { makeMatrix } from '../model/connectivity/matrixModel.js';
import type { CellPosition } from '../model/heatmap.js';
import { baseStyles } from '../shared/styles.js';
import './matrixPicture.js';
import { Pane, paneStyles } from './pane.js';
import '../chart/scoreTableView.js';

/** A transfer matrix. */
@customElement('rebase-matrix-pane')
export class MatrixPane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: MatrixRun;

  override render(): TemplateResult {
    const model = makeMatrix(this.run, this.task, this.measure);
    const choose = (position: CellPosition | undefined): void => {
      if (position) this.choose({ kind: 'matrix', cell: position });
    };
    if (!this.asTable) {
      return html`<rebase-matrix-picture
        class="figure"
        .model=${model}
        .measure=${this.measure}
        .chosen=${this.chosen?.kind === 'matrix' ? this.chosen.cell : null}
        @choose-cell=${({ detail }: CustomEvent<CellPosition>) => choose(detail)}
      ></rebase-matrix-picture>`;
    }
    const table = matrixTable(this.run, this.task);
    return html`<rebase-score-table
      label="Models of the matrix"
      .table=${table}
      .sort=${this.sort}
      @sort-change=${(event: CustomEvent<unknown>) => this.passOn(event)}
      @choose-row=${({ detail }: CustomEvent<number>) => choose(table.rows[detail]?.place)}
    ></rebase-score-table>`;
  }
}
