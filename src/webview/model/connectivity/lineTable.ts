import { formatPosition, type LineRun, type PointScores, type TaskScore } from '../../../connectivity/report/index.js';
import { withAlikeColumns } from './columnFormat.js';
import { symbolOf, taskIn } from './series.js';
import {
  lastCells,
  lastColumns,
  numberCell,
  numberColumn,
  scoreCells,
  scoreColumns,
  type ScoreTable,
  textCell,
  textColumn,
} from '../../chart/scoreTable.js';

/** A row's point: the number of its run, and of the point in it; null for a model off the line. */
export interface LineRow {
  readonly run: number;
  readonly point: number | null;
}

type Rows = ScoreTable<LineRow>['rows'];

function rowsOf(run: LineRun, task: number, kind: TaskScore['kind'], number: number): Rows {
  const cells = (point: PointScores) => [...scoreCells(kind, point.scores[task]), ...lastCells(point.formula, point.nonFinite)];
  const onLine = run.points.map((point, index) => ({
    place: { run: number, point: index },
    cells: [textCell(run.title), numberCell(point.at, formatPosition(point.at)), ...cells(point)],
  }));
  const offLine = run.references.map((reference) => ({
    place: { run: number, point: null },
    cells: [textCell(run.title), numberCell(NaN, reference.role), ...cells(reference)],
  }));
  return [...onLine, ...offLine];
}

/** All points of all runs on the task that the panel's own run calls number `task`. */
export function lineTable(own: LineRun, overlays: readonly LineRun[], task: number): ScoreTable<LineRow> {
  const shown = own.tasks[task];
  const kind = shown?.kind ?? 'loss';
  const others = overlays.flatMap((run, index) => {
    const number = shown ? taskIn(run, shown) : -1;
    return number < 0 ? [] : rowsOf(run, number, kind, index + 1);
  });
  const symbols = [...new Set([own, ...overlays].map(symbolOf))].join(', ');
  return withAlikeColumns({
    columns: [
      textColumn('run', 'Run', 'The run that the point belongs to', 130, 0.5),
      numberColumn('at', symbols, 'Place on the line; models off the line by their part', 76),
      ...scoreColumns(kind),
      ...lastColumns,
    ],
    rows: [...rowsOf(own, task, kind, 0), ...others],
  });
}
