import { type ChartLayout, type Curve, xOf, yOf } from './chartLayout.js';
import type { BarrierMark } from '../model/connectivity/series.js';
import { maxOf, minOf } from '../../base/extremes.js';

/** Pixels; `x` and `y` are the top left corner. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<LabelBox, 'width' | 'height'>;
type Place = readonly [x: number, y: number];

/** Pixels: of the bracket from its label, of anything drawn from the label, and between places at which lines are looked at. */
const gap = { bracket: 9, drawn: 6, step: 3 };
/** Shares of the bracket's height at which its label may stand beside it. */
const heights = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95];

function along([x, y]: Place, [nextX, nextY]: Place): Place[] {
  const count = Math.max(1, Math.ceil(Math.hypot(nextX - x, nextY - y) / gap.step));
  return Array.from({ length: count + 1 }, (_, index) => [x + (index / count) * (nextX - x), y + (index / count) * (nextY - y)]);
}

function alongAll(places: readonly Place[]): Place[] {
  return places.flatMap((place, index) => along(places[index - 1] ?? place, place));
}

/** Places of all that is drawn: curves, chords and error bars. What lies beyond the picture counts at its edge. */
function drawnPlaces(layout: ChartLayout, curves: readonly Curve[]): Place[] {
  const placeOf = ({ at, value }: { readonly at: number; readonly value: number }): Place => [
    xOf(layout, at),
    Math.max(0, Math.min(layout.height, yOf(layout, value))),
  ];
  return curves.flatMap(({ points, chord = [] }) => {
    const bars = points.flatMap(({ at, value, standardError }) =>
      Number.isFinite(standardError)
        ? along(placeOf({ at, value: value - standardError }), placeOf({ at, value: value + standardError }))
        : [],
    );
    return [...alongAll(points.map(placeOf)), ...alongAll(chord.map(placeOf)), ...bars];
  });
}

function besideBracket(x: number, foot: number, head: number, { width, height }: Size): LabelBox[] {
  return heights.flatMap((share) => {
    const y = foot + share * (head - foot) - height / 2;
    return [x + gap.bracket, x - gap.bracket - width].map((left) => ({ x: left, y, width, height }));
  });
}

/** Above and below both ends, near them and at the edges of the plot. */
function beyondBracket({ left, right, top, bottom }: ChartLayout, x: number, ends: Place, { width, height }: Size): LabelBox[] {
  const [upper, lower] = [minOf(ends), maxOf(ends)];
  const rows = [upper - 12 - height, lower + 12, lower + 28, top + 2, bottom - height - 4];
  const columns = [x - width / 2, x, x - width].map((wished) => Math.max(left, Math.min(right - width, wished)));
  return rows.flatMap((y) => columns.map((column) => ({ x: column, y, width, height })));
}

/** Boxes within the plot, the nearest to the bracket's middle first. */
function candidates(layout: ChartLayout, { at, chord, curve }: BarrierMark, size: Size): LabelBox[] {
  const [x, foot, head] = [xOf(layout, at), yOf(layout, chord), yOf(layout, curve)];
  return [...besideBracket(x, foot, head, size), ...beyondBracket(layout, x, [foot, head], size)].filter((box) => {
    const isAcross = box.x >= layout.left && box.x + box.width <= layout.right;
    return isAcross && box.y >= layout.top && box.y + box.height <= layout.bottom;
  });
}

function isIn({ x, y, width, height }: LabelBox, [placeX, placeY]: Place): boolean {
  const { drawn } = gap;
  return placeX > x - drawn && placeX < x + width + drawn && placeY > y - drawn && placeY < y + height + drawn;
}

/** Where a bracket's label of a size stands: near it where nothing is drawn, else where least is; null where there is no room at all. */
export function placeLabel(layout: ChartLayout, curves: readonly Curve[], mark: BarrierMark, size: Size): LabelBox | null {
  const drawn = drawnPlaces(layout, curves);
  let [best, least]: [LabelBox | null, number] = [null, Infinity];
  for (const box of candidates(layout, mark, size)) {
    const count = drawn.filter((place) => isIn(box, place)).length;
    if (count < least) [best, least] = [box, count];
  }
  return best;
}
