import { formatPosition, type PlanePoint, type PlaneRun } from '../../../connectivity/report/index.js';
import type { CellPosition } from '../heatmap.js';
import { type Measure, measureFacts, readScore } from './measure.js';
import { nonFiniteText, readingText } from './words.js';
import { maxOf, minOf } from '../../../base/extremes.js';

/** A grid of points `a + x·(b − a) + y·(c − a)` through one measure. */
export interface PlaneModel {
  /** Ascending. */
  readonly xs: readonly number[];
  /** Descending: the first row is drawn at the top. */
  readonly ys: readonly number[];
  /** Row-major; null where a point is still to come. */
  readonly points: readonly (PlanePoint | null)[];
  /** In units of the measure; NaN where there is no point. */
  readonly values: readonly number[];
  readonly minimum: number;
  readonly maximum: number;
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The plane of one task through one measure. */
export function makePlane({ points }: PlaneRun, task: number, measure: Measure): PlaneModel {
  const xs = ascending(points.map(({ x }) => x));
  const ys = ascending(points.map(({ y }) => y)).reverse();
  const byPlace = new Map(points.map((point) => [`${point.x} ${point.y}`, point]));
  const placed = ys.flatMap((y) => xs.map((x) => byPlace.get(`${x} ${y}`) ?? null));
  const values = placed.map((point) => readScore(point?.scores[task], measure).value);
  const finite = values.filter(Number.isFinite);
  return { xs, ys, points: placed, values, minimum: minOf(finite), maximum: maxOf(finite) };
}

export function planePointAt({ points, xs }: PlaneModel, { row, column }: CellPosition): PlanePoint | null {
  return points[row * xs.length + column] ?? null;
}

/** Where a value stands between the lowest and the highest, 0…1. */
export function heightShare({ minimum, maximum }: PlaneModel, value: number): number {
  return maximum > minimum ? (value - minimum) / (maximum - minimum) : 0.5;
}

export function planeTitle({ x, y }: PlanePoint): string {
  return `x = ${formatPosition(x)}, y = ${formatPosition(y)}`;
}

export function planeFacts(point: PlanePoint, task: number, measure: Measure): (readonly [string, string])[] {
  const problem = nonFiniteText(point.nonFinite);
  return [
    [measureFacts[measure].label, readingText(readScore(point.scores[task], measure), measure)],
    ['Formula', point.formula],
    ...(problem === '' ? [] : [['Weights', problem] as const]),
  ];
}

/** One sentence for screen readers. */
export function describePlanePoint(point: PlanePoint | null, task: number, measure: Measure): string {
  if (point === null) return 'not scored';
  const facts = planeFacts(point, task, measure).map(([label, text]) => `${label.toLowerCase()} ${text}`);
  return `${planeTitle(point)}: ${facts.join(', ')}`;
}
