import type { Combination } from '../../combine/index.js';
import type { ConnectivityContext, Evaluator } from '../context.js';
import { gridPositions } from '../line/grid.js';
import type { ConnectivityPlan } from '../plan.js';
import { titleOf, type PlaneRun } from '../report/index.js';
import type { PlaneRequest } from '../request.js';
import type { Place } from '../scoring/scoreBook.js';
import { ScoringSession } from '../scoring/session.js';

/** A plane of more points per axis than this is refused: every point is a model. */
export const mostPerAxis = 41;

interface PlanePlace extends Place {
  readonly x: number;
  readonly y: number;
}

/** What scoring a plane will cost. @throws as `ScoringSession.open` */
export async function planPlane(request: PlaneRequest, evaluator: Evaluator, signal?: AbortSignal): Promise<ConnectivityPlan> {
  const places = placesOf(request);
  const session = await ScoringSession.open(request, places, null, evaluator, signal);
  return {
    request,
    title: titleOf(request, session.whole.inputs),
    evaluations: await session.plan(places, signal),
    keptCount: 0,
    mostRefined: 0,
    geometryByteLength: 0,
  };
}

/** Scores the points of a plane, all at once. @throws as `ScoringSession`; AbortError when cancelled */
export async function runPlane(request: PlaneRequest, evaluator: Evaluator, context: ConnectivityContext): Promise<PlaneRun> {
  const places = placesOf(request);
  const session = await ScoringSession.open(request, places, null, evaluator, context.signal);
  await session.score(places, 'scoring', context);
  const { a, b, c } = request;
  const points = places.map(({ label, x, y }) => ({ ...session.book.at(label)!, x, y }));
  return { ...session.facts(request, true), kind: 'plane', a, b, c, points };
}

function placesOf(request: PlaneRequest): PlanePlace[] {
  if (request.points > mostPerAxis)
    throw new Error(`A plane has at most ${mostPerAxis} points per axis, but ${request.points} were asked for: that many squared models.`);
  const positions = gridPositions(request);
  return positions.flatMap((y) => positions.map((x) => ({ x, y, label: `x = ${x}, y = ${y}`, combination: combinationOn(request, x, y) })));
}

/** `a + x·(b − a) + y·(c − a)`. */
export function combinationOn({ a, b, c }: Pick<PlaneRequest, 'a' | 'b' | 'c'>, x: number, y: number): Combination {
  return {
    steps: [
      { scale: 1, plus: a, minus: null },
      { scale: x, plus: b, minus: a },
      { scale: y, plus: c, minus: a },
    ],
  };
}
