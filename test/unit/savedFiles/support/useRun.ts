import { describeRun } from '../../../../src/cli/runText.js';
import type { Io } from '../../../../src/cli/io.js';
import {
  conclusionsOf,
  runFromJson,
  runToCsv,
  runToJson,
  runToMarkdown,
  tablesOf,
  titleOf,
  type ConnectivityRun,
  type LineRun,
  type MatrixRun,
  type PlaneRun,
} from '../../../../src/connectivity/report/index.js';
import { alreadyScored, newTasks, refinement, requestToContinue } from '../../../../src/extension/connectivity/continueRun.js';
import { pointOfRun } from '../../../../src/extension/connectivity/pointOfRun.js';
import { defaultSettings } from '../../../../src/evaluate/request.js';
import { layOutChart, pointAfterKey, pointAt, polylines } from '../../../../src/webview/chart/chartLayout.js';
import { tickText } from '../../../../src/webview/chart/axis.js';
import { placeLabel } from '../../../../src/webview/chart/labelPlace.js';
import { sortedRows, type ScoreTable } from '../../../../src/webview/chart/scoreTable.js';
import { shownRun } from '../../../../src/webview/connectivity/shownRun.js';
import { layOutCells, originOf } from '../../../../src/webview/model/connectivity/cellGrid.js';
import { matrixTable, planeTable } from '../../../../src/webview/model/connectivity/cellTables.js';
import { chosenPoint } from '../../../../src/webview/model/connectivity/chosenPoint.js';
import { isoLine, levelsBetween } from '../../../../src/webview/model/connectivity/contour.js';
import { evidenceFacts, evidenceSentences, scoredCount } from '../../../../src/webview/model/connectivity/evidence.js';
import { lineTable } from '../../../../src/webview/model/connectivity/lineTable.js';
import { describePoint, guidesOf, pointFacts } from '../../../../src/webview/model/connectivity/lineWords.js';
import { describeMatrixCell, makeMatrix } from '../../../../src/webview/model/connectivity/matrixModel.js';
import { measureFacts, measuresOf, type Measure } from '../../../../src/webview/model/connectivity/measure.js';
import { describePlanePoint, heightShare, makePlane } from '../../../../src/webview/model/connectivity/planeModel.js';
import { axisSymbol, seriesOf } from '../../../../src/webview/model/connectivity/series.js';

const size = { width: 700, height: 400 };
const margins = { left: 60, right: 10, top: 30, bottom: 10, mostWidth: 90, mostHeight: 50 };
const command = { command: ['score', '{model}'], value: '', higherIsBetter: true, timeoutSeconds: null };

/** Exports a run in every form, says everything that is said of it, and computes everything that the panel draws. */
export function useRun(given: ConnectivityRun, overlays: readonly LineRun[]): void {
  runToCsv(given);
  runToMarkdown(given);
  runFromJson(runToJson(given));
  tablesOf(given);
  conclusionsOf(given);
  titleOf(given, given.inputs);
  describeRun(given, { columns: 100 } as Io);
  scoredCount(given);
  newTasks(given, ['/text/new.txt']);
  alreadyScored(given, [given.tasks[0]?.path ?? '']);
  requestToContinue(given, { settings: defaultSettings, outside: command }, refinement);
  const run = shownRun(given);
  for (const [task, { kind }] of run.tasks.entries()) {
    evidenceSentences(run, task);
    for (const measure of measuresOf(kind)) useMeasure(run, overlays, task, measure);
  }
}

function useMeasure(run: ConnectivityRun, overlays: readonly LineRun[], task: number, measure: Measure): void {
  switch (run.kind) {
    case 'line':
      useLine(run, overlays, task, measure);
      break;
    case 'matrix':
      useMatrix(run, task, measure);
      break;
    case 'plane':
      usePlane(run, task, measure);
  }
}

function useTable<Place>(table: ScoreTable<Place>): void {
  for (const { id } of table.columns) sortedRows(table, { column: id, descending: true });
}

function useLine(run: LineRun, overlays: readonly LineRun[], task: number, measure: Measure): void {
  evidenceFacts(run, task);
  useTable(lineTable(run, overlays, task));
  const series = seriesOf(run, overlays, task, measure);
  axisSymbol(series);
  guidesOf(series);
  const layout = layOutChart(series, size, run.complete ? [] : [0, 1], measureFacts[measure].bounds);
  for (const { ticks, decimals } of [layout.horizontal, layout.vertical]) for (const tick of ticks) tickText(tick, decimals);
  pointAt(layout, series, 100, 100);
  for (const [index, curve] of series.entries()) {
    polylines(layout, curve.points);
    pointAfterKey('ArrowDown', series, { series: index, point: 0 });
    if (curve.barrier !== null) placeLabel(layout, series, curve.barrier, { width: 90, height: 18 });
    for (const point of curve.points) {
      describePoint(curve, point, measure);
      pointFacts(curve, point, measure);
      chosenPoint(run, { kind: 'line', run: curve.run, at: point.at }, { overlays, task, measure });
    }
  }
  for (const { at } of run.points) pointOfRun(run, { kind: 'line', at });
}

function useMatrix(run: MatrixRun, task: number, measure: Measure): void {
  useTable(matrixTable(run, task));
  const model = makeMatrix(run, task, measure);
  const grid = layOutCells(size, model.rows.length, model.columnLabels.length, margins);
  for (const [row] of model.rows.entries()) {
    for (const [column] of model.columnLabels.entries()) {
      originOf(grid, { row, column });
      describeMatrixCell(model, measure, { row, column });
      const chosen = chosenPoint(run, { kind: 'matrix', cell: { row, column } }, { overlays: [], task, measure });
      if (chosen?.place) pointOfRun(run, chosen.place);
    }
  }
}

function usePlane(run: PlaneRun, task: number, measure: Measure): void {
  const model = makePlane(run, task, measure);
  const { xs, ys, values, points, minimum, maximum } = model;
  useTable(planeTable(run, task, xs, ys));
  for (const level of levelsBetween(minimum, maximum, 9)) isoLine({ values, columns: xs.length, rows: ys.length }, level);
  for (const value of values) heightShare(model, value);
  for (const point of points) describePlanePoint(point, task, measure);
  for (const { x, y } of run.points) {
    chosenPoint(run, { kind: 'plane', x, y }, { overlays: [], task, measure });
    pointOfRun(run, { kind: 'plane', x, y });
  }
}
