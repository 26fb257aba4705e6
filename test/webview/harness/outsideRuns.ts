import type { LineRun, TaskScore } from '../../../src/connectivity/report/index.js';
import { barrierRun } from './connectivityFixtures.js';

/** The hill between two models as an outside command sees it: a valley of a number of which more is better. */
export function outsideRun(): LineRun {
  const run = barrierRun();
  const scoreAt = (at: number): TaskScore => ({
    kind: 'outside',
    value: 0.6 + 0.1 * at - 0.4 * Math.sin(Math.PI * at) ** 2,
    higherIsBetter: true,
  });
  return {
    ...run,
    tasks: [{ name: 'python3 score.py', path: 'python3 score.py', kind: 'outside', hash: 'o1' }],
    points: run.points.map((point) => ({ ...point, scores: [scoreAt(point.at)] })),
    barriers: [
      {
        ...run.barriers[0]!,
        verdict: 'undefined',
        height: 0.4,
        standardError: NaN,
        sentence: "No verdict on python3 score.py: the command's numbers come without a standard error.",
      },
    ],
    optima: [null],
    capability: [],
  };
}
