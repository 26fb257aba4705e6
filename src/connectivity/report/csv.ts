import { csvLine } from '../../compare/report/csv.js';
import type { ReportTask, TaskScore } from '../../evaluate/report/index.js';
import type { ConnectivityRun, LineRun, MatrixRun, PlaneRun, PointScores } from './run.js';

type Field = string | number | null;

/** The place of one point in the columns of its kind of run; `recovered` per task. */
interface Row {
  readonly place: readonly Field[];
  readonly point: PointScores;
  readonly recovered?: readonly (number | null)[];
  readonly recoveredError?: readonly (number | null)[];
}

const scoreColumns: readonly (readonly [title: string, valueOf: (score: TaskScore) => number | null])[] = [
  ['loss', (score) => (score.kind === 'loss' ? score.loss : null)],
  ['standardError', (score) => (score.kind === 'outside' ? null : score.standardError)],
  ['bitsPerByte', (score) => (score.kind === 'loss' ? score.bitsPerByte : null)],
  ['perplexity', (score) => (score.kind === 'loss' ? score.perplexity : null)],
  ['accuracy', (score) => (score.kind === 'choice' ? score.accuracy : null)],
  ['accuracyNormalised', (score) => (score.kind === 'choice' ? score.accuracyNormalised : null)],
  ['value', (score) => (score.kind === 'outside' ? score.value : null)],
];

/** One line per point and task (RFC 4180), full precision; values of single windows are left to the JSON form. */
export function runToCsv(run: ConnectivityRun): string {
  const { titles, rows } = table(run);
  const header = [
    ...titles,
    'formula',
    'task',
    ...scoreColumns.map(([title]) => title),
    ...(run.kind === 'matrix' ? ['recovered', 'recoveredError'] : []),
  ];
  const lines = rows.flatMap((row) => run.tasks.map((task, i) => [...fieldsOf(row, task, i), ...recoveredFields(run, row, i)]));
  return [header, ...lines].map(csvLine).join('');
}

function fieldsOf({ place, point }: Row, { name }: ReportTask, task: number): Field[] {
  return [...place, point.formula, name, ...scoreColumns.map(([, valueOf]) => valueOf(point.scores[task]!))];
}

function recoveredFields({ kind }: ConnectivityRun, { recovered, recoveredError }: Row, task: number): Field[] {
  return kind === 'matrix' ? [recovered?.[task] ?? null, recoveredError?.[task] ?? null] : [];
}

function table(run: ConnectivityRun): { titles: readonly string[]; rows: readonly Row[] } {
  switch (run.kind) {
    case 'line':
      return { titles: [run.path.kind === 'sweep' ? 'lambda' : 'alpha', 'model'], rows: lineRows(run) };
    case 'matrix':
      return { titles: ['kind', 'source', 'target'], rows: matrixRows(run) };
    case 'plane':
      return { titles: ['x', 'y'], rows: planeRows(run) };
    default:
      return run satisfies never;
  }
}

function lineRows({ points, references }: LineRun): Row[] {
  return [
    ...points.map((point) => ({ place: [point.at, null], point })),
    ...references.map((point) => ({ place: [null, point.role], point })),
  ];
}

function matrixRows({ versions, bases, finetunes, cells }: MatrixRun): Row[] {
  const name = (version: number): string => versions[version]!.name;
  return [
    ...bases.map((point, i) => ({ place: ['base', null, name(i)], point })),
    ...cells.map((point) => ({
      place: ['transfer', name(point.source), name(point.target)],
      point,
      recovered: point.recovered,
      recoveredError: point.recoveredError,
    })),
    ...finetunes.flatMap((point, i) => (point === null ? [] : [{ place: ['finetuned', name(i), name(i)], point }])),
  ];
}

function planeRows({ points }: PlaneRun): Row[] {
  return points.map((point) => ({ place: [point.x, point.y], point }));
}
