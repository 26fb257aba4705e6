import type { ConnectivityContext, Evaluator } from '../context.js';
import type { ConnectivityPlan } from '../plan.js';
import type { Geometry, LinePath, LinePoint, LineRun, PointScores, ReferenceScores } from '../report/index.js';
import { titleOf } from '../report/index.js';
import type { LineRequest } from '../request.js';
import type { Place } from '../scoring/scoreBook.js';
import { ScoringSession, type KnownScores } from '../scoring/session.js';
import { barrierOf } from './barrier.js';
import { capabilityOf } from './capability.js';
import { geometryByteLength, measureGeometry } from './geometry.js';
import { gridPositions, mergePositions } from './grid.js';
import { combinationAt, pointLabel, referenceRoles, single } from './linePath.js';
import { optimumOf } from './optimum.js';
import { proposePositions } from './refine.js';

/** What scoring a line will cost. @throws as `ScoringSession.open` */
export async function planLine(request: LineRequest, evaluator: Evaluator, signal?: AbortSignal): Promise<ConnectivityPlan> {
  const { path, grid, previous, inputs } = request;
  const places = firstPlaces(request);
  const session = await ScoringSession.open(request, places, knownScores(previous), evaluator, signal);
  const needsGeometry = session.isRunnable && request.geometry && previous?.geometry == null;
  return {
    request,
    title: titleOf(request, session.whole.inputs),
    evaluations: await session.plan(places, signal),
    keptCount: places.filter(({ label }) => session.book.at(label) !== null).length,
    mostRefined: session.isRunnable ? grid.refine : 0,
    geometryByteLength: needsGeometry ? await geometryByteLength(path, inputs, signal) : 0,
  };
}

/**
 * Scores a line: the grid and what a previous run has in one go, then points where they tell most, then distances.
 * `onRun` gets the run after each step but the last. Deterministic up to the evaluator.
 * @throws as `ScoringSession`; AbortError when cancelled
 */
export async function runLine(request: LineRequest, evaluator: Evaluator, context: ConnectivityContext): Promise<LineRun> {
  const { path, grid, previous } = request;
  const session = await ScoringSession.open(request, firstPlaces(request), knownScores(previous), evaluator, context.signal);
  const needsGeometry = request.geometry && previous?.geometry == null;
  const known = previous?.geometry ?? null;
  let positions = firstPositions(request);
  const runSoFar = (complete: boolean, geometry = known): LineRun => lineRun(request, session, positions, geometry, complete);
  const tell = (): void => context.onRun?.(runSoFar(false));
  await session.score(firstPlaces(request), 'scoring', context, tell);
  for (let left = grid.refine; left > 0;) {
    const run = runSoFar(false);
    context.onRun?.(run);
    const added = proposePositions(run.points, path.kind, Math.ceil(left / 2));
    if (added.length === 0) break;
    positions = mergePositions(positions, added);
    await session.score(placesAt(path, added), 'refining', context, tell);
    left -= added.length;
  }
  if (!needsGeometry) return runSoFar(true);
  tell();
  return runSoFar(true, await measureGeometry(request, context));
}

function firstPlaces(request: LineRequest): Place[] {
  return [
    ...placesAt(request.path, firstPositions(request)),
    ...referenceRoles(request.path).map((role) => ({ label: role, combination: single(role) })),
  ];
}

/** The grid and the points of the previous run. */
function firstPositions({ grid, previous }: LineRequest): number[] {
  return mergePositions(previous?.points.map(({ at }) => at) ?? [], gridPositions(grid));
}

function placesAt(path: LinePath, positions: readonly number[]): Place[] {
  return positions.map((at) => ({ label: pointLabel(path, at), combination: combinationAt(path, at) }));
}

function knownScores(run: LineRun | null): KnownScores | null {
  if (run === null) return null;
  const points = run.points.map((point): [string, PointScores] => [pointLabel(run.path, point.at), point]);
  return { run, places: [...points, ...run.references.map((point): [string, PointScores] => [point.role, point])] };
}

function lineRun(
  { path }: LineRequest,
  session: ScoringSession,
  positions: readonly number[],
  geometry: Geometry | null,
  complete: boolean,
): LineRun {
  const { book } = session;
  const points = positions.flatMap((at): LinePoint[] => withPlace(book.at(pointLabel(path, at)), { at }));
  const references = referenceRoles(path).flatMap((role): ReferenceScores[] => withPlace(book.at(role), { role }));
  const isSweep = path.kind === 'sweep';
  return {
    ...session.facts({ kind: 'line', path }, complete),
    kind: 'line',
    path,
    points,
    references,
    barriers: book.tasks.map((task, i) => (isSweep ? null : barrierOf(points, i, task))),
    optima: book.tasks.map((task, i) => (isSweep ? optimumOf(points, i, task) : null)),
    geometry,
    capability: book.tasks.map((task, i) => capabilityOf(path, points, references, session.whole.inputs, i, task)),
  };
}

function withPlace<Where extends object>(scores: PointScores | null, where: Where): (PointScores & Where)[] {
  return scores === null ? [] : [{ ...scores, ...where }];
}
