import { formatPosition } from '../../../connectivity/report/index.js';
import { measureFacts, type Measure } from './measure.js';
import type { Series, SeriesPoint } from './series.js';
import { nonFiniteText, readingText } from './words.js';
import { maxOf, minOf } from '../../../base/extremes.js';

/** Places of a line that stand for a model of their own, with the names that all curves agree upon. */
export interface Guide {
  readonly at: number;
  readonly name: string;
}

/** α = 0 and 1 are the models at the ends; λ = 0 is the target as it is, λ = 1 the plain transfer. */
export function guidesOf(series: readonly Series[]): Guide[] {
  const symbols = new Set(series.map(({ symbol }) => symbol));
  const [symbol] = symbols;
  const places = series.flatMap(({ points }) => points.map(({ at }) => at));
  const shown = [0, 1].filter((at) => minOf(places) < at && at < maxOf(places));
  return shown.map((at) => ({ at, name: symbols.size === 1 && symbol !== undefined ? `${symbol} = ${at}` : String(at) }));
}

/** `α = 0.3`. */
export function pointTitle({ symbol }: Series, { at }: SeriesPoint): string {
  return `${symbol} = ${formatPosition(at)}`;
}

/** A point's measure, formula and what is wrong with it, as label and value. */
export function pointFacts(series: Series, point: SeriesPoint, measure: Measure): (readonly [string, string])[] {
  const problem = nonFiniteText(point.nonFinite);
  return [
    ['Run', series.name],
    [measureFacts[measure].label, readingText(point, measure)],
    ['Formula', point.formula],
    ...(problem === '' ? [] : [['Weights', problem] as const]),
  ];
}

/** One sentence for screen readers. */
export function describePoint(series: Series, point: SeriesPoint, measure: Measure): string {
  const problem = nonFiniteText(point.nonFinite);
  const value = `${measureFacts[measure].label.toLowerCase()} ${readingText(point, measure)}`;
  return `${series.name}, ${pointTitle(series, point)}: ${value}${problem === '' ? '' : `, ${problem}`}`;
}
