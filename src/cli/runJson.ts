import { toJson } from '../base/json/toJson.js';
import {
  type ConnectivityRun,
  type LinePoint,
  type LineRun,
  type PointScores,
  type ReferenceScores,
  type TaskScore,
} from '../connectivity/index.js';

/**
 * What `--json` prints: of a line its points with the first task's scores at hand, of others the run; without the values of
 * single windows or questions, which a saved run has.
 */
export function runToPrintedJson(run: ConnectivityRun): string {
  switch (run.kind) {
    case 'line':
      return toJson(printedLine(run));
    case 'matrix':
      return toJson({
        ...run,
        bases: run.bases.map(withScores),
        finetunes: run.finetunes.map((point) => point && withScores(point)),
        cells: run.cells.map(withScores),
      });
    case 'plane':
      return toJson({ ...run, points: run.points.map(withScores) });
    default:
      return run satisfies never;
  }
}

function withScores(point: PointScores): object {
  return { ...point, scores: point.scores.map(withoutItems) };
}

function printedLine(run: LineRun): object {
  const { title, path, inputs, settings, geometry, capability, findings, seconds } = run;
  const tasks = run.tasks.map((task, index) => ({ ...task, ...printedTask(run, index) }));
  const { points, references, barrier, optimum } = printedTask(run, 0);
  return { title, path, points, references, barrier, optimum, geometry, capability, tasks, inputs, settings, findings, seconds };
}

function printedTask(
  { path, points, references, barriers, optima }: LineRun,
  task: number,
): {
  readonly points: readonly object[];
  readonly references: readonly object[];
  readonly barrier: LineRun['barriers'][number];
  readonly optimum: LineRun['optima'][number];
} {
  const place = ({ at }: LinePoint): object => (path.kind === 'sweep' ? { lambda: at } : { alpha: at });
  const printed = (point: LinePoint | ReferenceScores): object => ({
    ...withoutItems(point.scores[task]!),
    formula: point.formula,
    nonFinite: point.nonFinite,
  });
  return {
    points: points.map((point) => ({ ...place(point), ...printed(point) })),
    references: references.map((reference) => ({ role: reference.role, ...printed(reference) })),
    barrier: barriers[task] ?? null,
    optimum: optima[task] ?? null,
  };
}

/** A score without the values of single windows or questions, which a saved run has. */
export function withoutItems(score: TaskScore): object {
  switch (score.kind) {
    case 'loss':
      return { ...score, itemNats: undefined, itemTokens: undefined };
    case 'choice':
      return { ...score, itemCorrect: undefined, itemCorrectNormalised: undefined };
    case 'outside':
      return score;
    default:
      return score satisfies never;
  }
}
