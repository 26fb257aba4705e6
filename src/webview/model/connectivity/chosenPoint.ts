import type { ConnectivityRun, LineRun, MatrixRun, PlaneRun } from '../../../connectivity/report/index.js';
import type { CellPosition } from '../heatmap.js';
import { pointFacts, pointTitle } from './lineWords.js';
import { makeMatrix, matrixFacts, matrixTitle, matrixValueAt } from './matrixModel.js';
import type { Measure } from './measure.js';
import { planeFacts, planeTitle } from './planeModel.js';
import { seriesOf } from './series.js';

/** A place of a run at which a checkpoint can be written. */
export type PointPlace =
  | { readonly kind: 'line'; readonly at: number }
  | { readonly kind: 'matrix'; readonly source: number; readonly target: number }
  | { readonly kind: 'plane'; readonly x: number; readonly y: number };

/** Which point a person chose. By place, because more points may come before it; `run` is 0 for the panel's own run, then the overlays. */
export type ChosenKey =
  | { readonly kind: 'line'; readonly run: number; readonly at: number }
  | { readonly kind: 'matrix'; readonly cell: CellPosition }
  | { readonly kind: 'plane'; readonly x: number; readonly y: number };

/** What the panel says of a chosen point, and where a checkpoint of it would be made. */
export interface ChosenPoint {
  /** Null for the panel's own run. */
  readonly overlay: number | null;
  /** Null: the point is one of the models itself, and so a checkpoint already. */
  readonly place: PointPlace | null;
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}

/** What is shown besides the run: facts are those of this task and measure. */
export interface ShownScores {
  readonly overlays: readonly LineRun[];
  readonly task: number;
  readonly measure: Measure;
}

type KeyOf<Kind extends ChosenKey['kind']> = Extract<ChosenKey, { kind: Kind }>;

function linePoint(run: LineRun, key: KeyOf<'line'>, { overlays, task, measure }: ShownScores): ChosenPoint | null {
  const curve = seriesOf(run, overlays, task, measure).find((series) => series.run === key.run);
  const point = curve?.points.find(({ at }) => at === key.at);
  if (!curve || !point) return null;
  const place = { kind: 'line', at: point.at } as const;
  const overlay = key.run === 0 ? null : key.run - 1;
  return { overlay, place, title: pointTitle(curve, point), facts: pointFacts(curve, point, measure) };
}

/** Bases and fine-tunes are checkpoints already. */
function matrixPoint(run: MatrixRun, { cell }: KeyOf<'matrix'>, { task, measure }: ShownScores): ChosenPoint | null {
  const model = makeMatrix(run, task, measure);
  const [value, row] = [matrixValueAt(model, cell), model.rows[cell.row]];
  if (value === null) return null;
  const place = row?.kind === 'source' ? ({ kind: 'matrix', source: row.source, target: cell.column } as const) : null;
  return { overlay: null, place, title: matrixTitle(model, cell), facts: matrixFacts(value, measure, row?.kind === 'base') };
}

function planePoint(run: PlaneRun, { x, y }: KeyOf<'plane'>, { task, measure }: ShownScores): ChosenPoint | null {
  const point = run.points.find((candidate) => candidate.x === x && candidate.y === y);
  return point
    ? { overlay: null, place: { kind: 'plane', x, y }, title: planeTitle(point), facts: planeFacts(point, task, measure) }
    : null;
}

/** @returns the chosen point as the shown task and measure have it; null where they have none */
export function chosenPoint(run: ConnectivityRun, key: ChosenKey | null, shown: ShownScores): ChosenPoint | null {
  if (key?.kind === 'line' && run.kind === 'line') return linePoint(run, key, shown);
  if (key?.kind === 'matrix' && run.kind === 'matrix') return matrixPoint(run, key, shown);
  return key?.kind === 'plane' && run.kind === 'plane' ? planePoint(run, key, shown) : null;
}

/** The choice after an overlay is gone: runs behind it move up, and its own points are no longer there. */
export function chosenWithout(key: ChosenKey | null, overlay: number): ChosenKey | null {
  if (key?.kind !== 'line' || key.run < overlay + 1) return key;
  return key.run === overlay + 1 ? null : { ...key, run: key.run - 1 };
}
