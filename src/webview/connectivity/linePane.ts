import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LineRun } from '../../connectivity/report/index.js';
import type { PointPosition } from '../chart/chartLayout.js';
import { lineTable } from '../model/connectivity/lineTable.js';
import { type Series, seriesOf } from '../model/connectivity/series.js';
import { baseStyles } from '../shared/styles.js';
import './lineChart.js';
import { Pane, paneStyles } from './pane.js';
import '../chart/scoreTableView.js';

/** A line run and those laid over it. */
@customElement('rebase-line-pane')
export class LinePane extends Pane {
  static override styles = [baseStyles, paneStyles];

  @property({ attribute: false }) run!: LineRun;
  @property({ attribute: false }) overlays: readonly LineRun[] = [];

  private position(series: readonly Series[]): PointPosition | null {
    const { chosen } = this;
    if (chosen?.kind !== 'line') return null;
    const curve = series.findIndex(({ run }) => run === chosen.run);
    const point = series[curve]?.points.findIndex(({ at }) => at === chosen.at) ?? -1;
    return point < 0 ? null : { series: curve, point };
  }

  private chooseAt(curve: Series | undefined, index: number): void {
    const point = curve?.points[index];
    if (curve && point) this.choose({ kind: 'line', run: curve.run, at: point.at });
  }

  private renderTable(series: readonly Series[]): TemplateResult {
    const table = lineTable(this.run, this.overlays, this.task);
    const choose = (row: number): void => {
      const place = table.rows[row]?.place;
      if (place?.point == null) return;
      this.chooseAt(
        series.find(({ run }) => run === place.run),
        place.point,
      );
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
      @choose-point=${({ detail }: CustomEvent<PointPosition>) => this.chooseAt(series[detail.series], detail.point)}
    ></rebase-line-chart>`;
  }
}
