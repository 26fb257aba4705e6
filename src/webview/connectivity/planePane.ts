import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlaneRun } from '../../connectivity/report/index.js';
import { planeTable } from '../model/connectivity/cellTables.js';
import { makePlane, planeFacts, type PlaneModel, planePointAt, planeTitle } from '../model/connectivity/planeModel.js';
import type { CellPosition } from '../model/heatmap.js';
import { baseStyles } from '../shared/styles.js';
import { type ChosenPoint, Pane, paneStyles } from './pane.js';
import './planePicture.js';
import './scoreTableView.js';

/** A plane through three models. */
@customElement('rebase-plane-pane')
export class PlanePane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: PlaneRun;
  @state() private chosen: CellPosition | null = null;

  private chosenPoint(model: PlaneModel, position: CellPosition): ChosenPoint | null {
    const point = planePointAt(model, position);
    if (point === null) return null;
    this.chosen = position;
    const place = { kind: 'plane', x: point.x, y: point.y } as const;
    return { overlay: null, place, title: planeTitle(point), facts: planeFacts(point, this.task, this.measure) };
  }

  private get names(): string[] {
    const { a, b, c, inputs } = this.run;
    return [a, b, c].map((role) => inputs.find((input) => input.role === role)?.name ?? role);
  }

  override render(): TemplateResult {
    const model = makePlane(this.run, this.task, this.measure);
    const choose = (position: CellPosition | undefined): void => {
      if (position) this.choose(this.chosenPoint(model, position));
    };
    if (!this.asTable) {
      return html`<rebase-plane-picture
        class="figure"
        .model=${model}
        .names=${this.names}
        .measure=${this.measure}
        .task=${this.task}
        .chosen=${this.chosen}
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
