import type { ConnectivityRun, PointScores, TaskScore } from '../../connectivity/report/index.js';

/** Scores of single windows and items are for paired comparisons, which are done: a panel shows none of them. */
function shownScore(score: TaskScore): TaskScore {
  switch (score.kind) {
    case 'loss':
      return { ...score, itemNats: [], itemTokens: [] };
    case 'choice':
      return { ...score, itemCorrect: [], itemCorrectNormalised: [] };
    case 'outside':
      return score;
    default:
      return score satisfies never;
  }
}

function shownPoint<Point extends PointScores>(point: Point): Point {
  return { ...point, scores: point.scores.map(shownScore) };
}

/** The run without what would only make its way to the panel longer: a panel gets it anew with every point. */
export function shownRun(run: ConnectivityRun): ConnectivityRun {
  switch (run.kind) {
    case 'line':
      return { ...run, points: run.points.map(shownPoint), references: run.references.map(shownPoint) };
    case 'matrix': {
      const finetunes = run.finetunes.map((point) => point && shownPoint(point));
      return { ...run, bases: run.bases.map(shownPoint), finetunes, cells: run.cells.map(shownPoint) };
    }
    case 'plane':
      return { ...run, points: run.points.map(shownPoint) };
    default:
      return run satisfies never;
  }
}
