import { formatCount, plural } from '../../base/format.js';
import type { NonFiniteTensor, ReportTask } from '../../evaluate/report/index.js';
import { lossName, lossOf } from './losses.js';
import type { PointScores } from './run.js';

/** Whether a point has no finite loss on a task. */
export function isBroken({ scores }: PointScores, task: number): boolean {
  return !Number.isFinite(lossOf(scores[task]!));
}

/** Why nothing can be said of a task: a point has no loss. @param place of the point: `α = 0.5` */
export function describeBroken(about: ReportTask, { nonFinite }: PointScores, place: string): string {
  return `No verdict on ${about.name}: at ${place} the ${lossName(about).noun} is not a finite number${describeCause(nonFinite)}.`;
}

/** A point and where it lies: `x = 0.5, y = 0`. */
export interface NamedPoint {
  readonly place: string;
  readonly point: PointScores;
}

/** How many points have a score that is not a finite number, and what spoils the first of them; empty when all are finite. */
export function describeBrokenPoints(points: readonly NamedPoint[]): string[] {
  const broken = points.filter(({ point }) => point.scores.some((_, task) => isBroken(point, task)));
  const [first] = broken;
  if (first === undefined) return [];
  const verb = broken.length === 1 ? 'has' : 'have';
  return [
    `${formatCount(broken.length)} of ${plural(points.length, 'model')} ${verb} no finite score, the first at ${first.place}${describeCause(first.point.nonFinite)}.`,
  ];
}

/** Which weights spoil a point, as the end of a sentence. */
export function describeCause([first, ...more]: readonly NonFiniteTensor[]): string {
  if (first === undefined) return ', although all weights are finite';
  const others = more.length === 0 ? '' : `, and so ${more.length === 1 ? 'has' : 'have'} ${plural(more.length, 'other tensor')}`;
  return `; ${first.tensor} has ${plural(first.count, 'weight')} that ${first.count === 1 ? 'is' : 'are'} NaN or infinite there${others}`;
}
