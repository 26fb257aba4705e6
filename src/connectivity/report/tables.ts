import type { ReportTask, TaskScore } from '../../evaluate/report/index.js';
import { formatPosition, formatRecoveredEstimate } from './format.js';
import type { ConnectivityRun, LineRun, MatrixRun, PlaneRun, PointScores } from './run.js';
import { scoreCells, scoreTitles } from './scoreCells.js';

/** A table as people read it: text in every cell, the first column names the row. */
export interface Table {
  readonly task: ReportTask;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One table per task. */
export function tablesOf(run: ConnectivityRun): Table[] {
  return run.tasks.map((task, index) => ({ task, ...tableOf(run, task, index) }));
}

function tableOf(run: ConnectivityRun, task: ReportTask, index: number): Omit<Table, 'task'> {
  switch (run.kind) {
    case 'line':
      return lineTable(run, task, index);
    case 'matrix':
      return matrixTable(run, index);
    case 'plane':
      return planeTable(run, index);
    default:
      return run satisfies never;
  }
}

/** A row per α or λ, then the models beside the line. */
function lineTable({ path, points, references, inputs }: LineRun, task: ReportTask, index: number): Omit<Table, 'task'> {
  const name = (role: string): string => inputs.find((input) => input.role === role)?.name ?? role;
  const row = (place: string, { scores }: PointScores): string[] => [place, ...scoreCells(scores[index]!)];
  return {
    columns: [path.kind === 'sweep' ? 'λ' : 'α', ...scoreTitles(task.kind)],
    rows: [
      ...points.map((point) => row(formatPosition(point.at), point)),
      ...references.map((reference) => row(name(reference.role), reference)),
    ],
  };
}

/** A column per target, as Table 3 of Lin et al. (2025): base, base with each diff vector, fine-tune. */
function matrixTable({ versions, bases, finetunes, cells }: MatrixRun, index: number): Omit<Table, 'task'> {
  const score = (point: PointScores | null): string => (point === null ? '–' : shortScore(point.scores[index]!));
  const sources = versions.flatMap(({ name, finetuned }, source) => (finetuned === null ? [] : [{ name, source }]));
  const cell = (source: number, target: number): string => {
    const found = cells.find((candidate) => candidate.source === source && candidate.target === target);
    if (found === undefined) return '–';
    const recovered = found.recovered[index] ?? null;
    return recovered === null
      ? score(found)
      : `${score(found)} (${formatRecoveredEstimate(recovered, found.recoveredError[index] ?? null)})`;
  };
  return {
    columns: ['', ...versions.map(({ name }) => name)],
    rows: [
      ['base', ...bases.map(score)],
      ...sources.map(({ name, source }) => [`+ Δ ${name}`, ...versions.map((_, target) => cell(source, target))]),
      ['fine-tuned', ...finetunes.map(score)],
    ],
  };
}

/** Rows of y downwards, columns of x, so that the table lies as the picture does. */
function planeTable({ points }: PlaneRun, index: number): Omit<Table, 'task'> {
  const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((p, q) => p - q);
  const xs = ascending(points.map(({ x }) => x));
  const ys = ascending(points.map(({ y }) => y)).reverse();
  const cell = (x: number, y: number): string => {
    const point = points.find((candidate) => candidate.x === x && candidate.y === y);
    return point === undefined ? '–' : shortScore(point.scores[index]!);
  };
  return {
    columns: ['y \\ x', ...xs.map(formatPosition)],
    rows: ys.map((y) => [formatPosition(y), ...xs.map((x) => cell(x, y))]),
  };
}

/** One number: the loss, the accuracy, or what the command said. */
function shortScore(score: TaskScore): string {
  return scoreCells(score)[0]!;
}
