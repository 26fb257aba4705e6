import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LineRun } from '../../connectivity/report/index.js';
import type { PointPosition } from '../model/connectivity/chartLayout.js';
import { lineTable } from '../model/connectivity/lineTable.js';
import { pointFacts, pointTitle } from '../model/connectivity/lineWords.js';
import { type Series, seriesOf } from '../model/connectivity/series.js';
import { baseStyles } from '../shared/styles.js';
import './lineChart.js';
import { type ChosenPoint, Pane, paneStyles } from './pane.js';
import './scoreTableView.js';

/** A line run and those laid over it. */
@customElement('rebase-line-pane')
export class LinePane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: LineRun;
  @property({ attribute: false }) overlays: readonly LineRun[] = [];
  /** By run and place, because more points may come before it. */
  @state() private chosen: { readonly run: number; readonly at: number } | null = null;

  private position(series: readonly Series[]): PointPosition | null {
    const curve = series.findIndex(({ run }) => run === this.chosen?.run);
    const point = series[curve]?.points.findIndex(({ at }) => at === this.chosen?.at) ?? -1;
    return point < 0 ? null : { series: curve, point };
  }

  private chosenPoint(series: readonly Series[], position: PointPosition): ChosenPoint | null {
    const curve = series[position.series];
    const point = curve?.points[position.point];
    if (!curve || !point) return null;
    this.chosen = { run: curve.run, at: point.at };
    return {
      overlay: curve.run === 0 ? null : curve.run - 1,
      place: { kind: 'line', at: point.at },
      title: pointTitle(curve, point),
      facts: pointFacts(curve, point, this.measure),
    };
  }

  private renderTable(series: readonly Series[]): TemplateResult {
    const table = lineTable(this.run, this.overlays, this.task);
    const choose = (row: number): void => {
      const place = table.rows[row]?.place;
      const curve = series.findIndex(({ run }) => run === place?.run);
      if (place && place.point !== null) this.choose(this.chosenPoint(series, { series: curve, point: place.point }));
    };
    return html`<rebase-score-table
      label="Points"
      .table=${table}
      .sort=${this.sort}
      @sort-change=${(event: CustomEvent<unknown>) => this.passOn(event)}
      @choose-row=${({ detail }: CustomEvent<number>) => choose(detail)}
    ></rebase-score-table>`;
  }

  override render(): TemplateResult {
    const series = seriesOf(this.run, this.overlays, this.task, this.measure);
    if (this.asTable) return this.renderTable(series);
    return html`<rebase-line-chart
      class="figure"
      .series=${series}
      .measure=${this.measure}
      .chosen=${this.position(series)}
      @choose-point=${({ detail }: CustomEvent<PointPosition>) => this.choose(this.chosenPoint(series, detail))}
    ></rebase-line-chart>`;
  }
}
