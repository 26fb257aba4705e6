import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { MatrixRun } from '../../connectivity/report/index.js';
import { matrixTable } from '../model/connectivity/cellTables.js';
import { makeMatrix, matrixFacts, type MatrixModel, matrixTitle, matrixValueAt } from '../model/connectivity/matrixModel.js';
import type { CellPosition } from '../model/heatmap.js';
import { baseStyles } from '../shared/styles.js';
import './matrixPicture.js';
import type { PointPlace } from './messages.js';
import { type ChosenPoint, Pane, paneStyles } from './pane.js';
import './scoreTableView.js';

/** A transfer matrix. */
@customElement('rebase-matrix-pane')
export class MatrixPane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: MatrixRun;
  @state() private chosen: CellPosition | null = null;

  /** Bases and fine-tunes are checkpoints already. */
  private placeOf({ rows }: MatrixModel, { row, column }: CellPosition): PointPlace | null {
    const kind = rows[row];
    return kind?.kind === 'source' ? { kind: 'matrix', source: kind.source, target: column } : null;
  }

  private chosenPoint(model: MatrixModel, position: CellPosition): ChosenPoint | null {
    const value = matrixValueAt(model, position);
    if (value === null) return null;
    this.chosen = position;
    const facts = matrixFacts(value, this.measure, model.rows[position.row]?.kind === 'base');
    return { overlay: null, place: this.placeOf(model, position), title: matrixTitle(model, position), facts };
  }

  override render(): TemplateResult {
    const model = makeMatrix(this.run, this.task, this.measure);
    const choose = (position: CellPosition | undefined): void => {
      if (position) this.choose(this.chosenPoint(model, position));
    };
    if (!this.asTable) {
      return html`<rebase-matrix-picture
        class="figure"
        .model=${model}
        .measure=${this.measure}
        .chosen=${this.chosen}
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
