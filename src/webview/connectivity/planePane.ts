import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PlaneRun } from '../../connectivity/report/index.js';
import { planeTable } from '../model/connectivity/cellTables.js';
import { makePlane, type PlaneModel, planePointAt } from '../model/connectivity/planeModel.js';
import type { CellPosition } from '../model/heatmap.js';
import { baseStyles } from '../shared/styles.js';
import { Pane, paneStyles } from './pane.js';
import './planePicture.js';
import '../chart/scoreTableView.js';

/** A plane through three models. */
@customElement('rebase-plane-pane')
export class PlanePane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: PlaneRun;

  private position({ xs, ys }: PlaneModel): CellPosition | null {
    if (this.chosen?.kind !== 'plane') return null;
    const position = { row: ys.indexOf(this.chosen.y), column: xs.indexOf(this.chosen.x) };
    return position.row < 0 || position.column < 0 ? null : position;
  }

  private get names(): string[] {
    const { a, b, c, inputs } = this.run;
    return [a, b, c].map((role) => inputs.find((input) => input.role === role)?.name ?? role);
  }

  override render(): TemplateResult {
    const model = makePlane(this.run, this.task, this.measure);
    const choose = (position: CellPosition | undefined): void => {
      const point = position && planePointAt(model, position);
      if (point) this.choose({ kind: 'plane', x: point.x, y: point.y });
    };
    if (!this.asTable) {
      return html`<rebase-plane-picture
        class="figure"
        .model=${model}
        .names=${this.names}
        .measure=${this.measure}
        .task=${this.task}
        .chosen=${this.position(model)}
        @choose-cell=${({ detail }: CustomEvent<CellPosition>) => choose(detail)}
      ></rebase-plane-picture>`;
    }
    const table = planeTable(this.run, this.task, model.xs, model.ys);
    return html`<rebase-score-table
      label="Points of the plane"
      .table=${table}
      .sort=${this.sort}
      @sort-change=${(event: CustomEvent<unknown>) => this.passOn(event)}
      @choose-row=${({ detail }: CustomEvent<number>) => choose(table.rows[detail]?.place)}
    ></rebase-score-table>`;
  }
}
