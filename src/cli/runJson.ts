import { toJson } from '../compare/report/index.js';
import {
  runToJson,
  type ConnectivityRun,
  type LinePoint,
  type LineRun,
  type ReferenceScores,
  type TaskScore,
} from '../connectivity/index.js';

/** What `--json` prints: of a line its points with the first task's scores at hand; of others the whole run. */
export function runToPrintedJson(run: ConnectivityRun): string {
  return run.kind === 'line' ? toJson(printedLine(run)) : runToJson(run);
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
