import {
  formatPosition,
  formatRecoveredEstimate,
  type MatrixRun,
  type PlaneRun,
  type PointScores,
  type TaskScore,
} from '../../../connectivity/report/index.js';
import type { CellPosition } from '../heatmap.js';
import { withAlikeColumns } from './columnFormat.js';
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

type Row = ScoreTable<CellPosition>['rows'][number];

function matrixRow(
  labels: readonly [string, string],
  point: PointScores,
  kind: TaskScore['kind'],
  task: number,
  [recovered, error]: readonly [share: number | null, error: number | null],
  place: CellPosition,
): Row {
  const share = numberCell(recovered ?? NaN, formatRecoveredEstimate(recovered, error));
  return {
    place,
    cells: [...labels.map(textCell), ...scoreCells(kind, point.scores[task]), share, ...lastCells(point.formula, point.nonFinite)],
  };
}

const unknownShare = [null, null] as const;

/** Every scored cell of a transfer matrix, in the rows and columns of `makeMatrix`. */
export function matrixTable(run: MatrixRun, task: number): ScoreTable<CellPosition> {
  const kind = run.tasks[task]?.kind ?? 'loss';
  const sources = run.versions.flatMap(({ finetuned }, version) => (finetuned === null ? [] : [version]));
  const name = (version: number): string => run.versions[version]?.name ?? '';
  const bases = run.bases.map((point, column) => matrixRow([name(column), 'Base'], point, kind, task, unknownShare, { row: 0, column }));
  const cells = run.cells.map((cell) => {
    const place = { row: 1 + sources.indexOf(cell.source), column: cell.target };
    return matrixRow(
      [name(cell.target), `+ Δ ${name(cell.source)}`],
      cell,
      kind,
      task,
      [cell.recovered[task] ?? null, cell.recoveredError[task] ?? null],
      place,
    );
  });
  const finetunes = run.finetunes.flatMap((point, column) =>
    point === null ? [] : [matrixRow([name(column), 'Fine-tuned'], point, kind, task, unknownShare, { row: 1 + sources.length, column })],
  );
  const columns = [
    textColumn('target', 'Target', 'The version that gets the fine-tuning', 110, 0.4),
    textColumn('model', 'Model', 'Its base, its base with the diff vector of a source, or its own fine-tune', 120, 0.4),
    ...scoreColumns(kind),
    numberColumn('recovered', 'Recovered', 'Share of the gain of the target’s own fine-tune: (merge − base) / (fine-tuned − base)', 84),
    ...lastColumns,
  ];
  return withAlikeColumns({ columns, rows: [...bases, ...cells, ...finetunes] });
}

/** Every point of a plane, in the rows and columns of `makePlane`. */
export function planeTable(
  { points, tasks }: PlaneRun,
  task: number,
  xs: readonly number[],
  ys: readonly number[],
): ScoreTable<CellPosition> {
  const kind = tasks[task]?.kind ?? 'loss';
  return withAlikeColumns({
    columns: [
      numberColumn('x', 'x', 'Share of the way from the first model to the second', 64),
      numberColumn('y', 'y', 'Share of the way from the first model to the third', 64),
      ...scoreColumns(kind),
      ...lastColumns,
    ],
    rows: points.map(({ x, y, scores, formula, nonFinite }) => ({
      place: { row: ys.indexOf(y), column: xs.indexOf(x) },
      cells: [
        numberCell(x, formatPosition(x)),
        numberCell(y, formatPosition(y)),
        ...scoreCells(kind, scores[task]),
        ...lastCells(formula, nonFinite),
      ],
    })),
  });
}
