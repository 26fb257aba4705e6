import { type Axis, type Bounds, exactAxis, roundAxis, shareOf, tickText, unbounded } from './axis.js';
import type { ChordPoint, CurvePoint } from '../model/connectivity/series.js';
import { maxOf } from '../../base/extremes.js';

/** Pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Where the curves stand in the picture. */
export interface ChartLayout extends ChartSize {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly horizontal: Axis;
  readonly vertical: Axis;
}

/** A curve as far as its place in the picture goes. */
export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly chord?: readonly ChordPoint[];
}

/** A point of a curve, by the place of its curve among those shown and its own place on it. */
export interface PointPosition {
  readonly series: number;
  readonly point: number;
}

const margin = { left: 62, right: 20, top: 16, bottom: 44 };
/** Room at both ends of the horizontal axis, so that markers and error bars at the ends are whole. */
const inset = 14;
const tickDistance = { horizontal: 76, vertical: 44 };

function extentOf(series: readonly Curve[]): number[] {
  return series.flatMap(({ points, chord = [] }) => [
    ...points.flatMap(({ value, standardError }) => [value, value - standardError, value + standardError]),
    ...chord.map(({ value }) => value),
  ]);
}

function countOfTicks(pixels: number, distance: number): number {
  return Math.max(2, Math.floor(pixels / distance));
}

/** Pixels of a digit, and what the axis' name and the gaps take. */
const tickRoom = { digit: 6.6, other: 35 };

/** Room for the axis' name and its longest tick. */
function leftOf({ ticks, decimals }: Axis): number {
  const longest = maxOf(ticks.map((tick) => tickText(tick, decimals).length));
  return Math.max(margin.left, Math.ceil(longest * tickRoom.digit) + tickRoom.other);
}

/**
 * The layout of curves in a picture of a size.
 * @param ends are kept in view although no point may be there yet
 * @param bounds of the values' quantity, beyond which the vertical axis does not go
 */
export function layOutChart(
  series: readonly Curve[],
  { width, height }: ChartSize,
  ends: readonly number[] = [],
  bounds: Bounds = unbounded,
): ChartLayout {
  const bottom = Math.max(margin.top + 40, height - margin.bottom);
  const vertical = roundAxis(extentOf(series), countOfTicks(bottom - margin.top, tickDistance.vertical), bounds);
  const left = leftOf(vertical);
  const right = Math.max(left + 40, width - margin.right);
  const places = [...series.flatMap(({ points }) => points.map(({ at }) => at)), ...ends];
  return {
    width,
    height,
    left,
    right,
    top: margin.top,
    bottom,
    horizontal: exactAxis(places, countOfTicks(right - left, tickDistance.horizontal)),
    vertical,
  };
}

export function xOf({ left, right, horizontal }: ChartLayout, at: number): number {
  return left + inset + shareOf(horizontal, at) * (right - left - 2 * inset);
}

/** Values that no number can place stand at the edge: NaN and +∞ at the top, −∞ at the bottom. */
export function yOf({ top, bottom, vertical }: ChartLayout, value: number): number {
  if (!Number.isFinite(value)) return value < 0 ? bottom - 8 : top + 8;
  return bottom - shareOf(vertical, value) * (bottom - top);
}

/** Corners of the curve in pixels, in pieces that end where a point has no finite value. */
export function polylines(layout: ChartLayout, points: readonly Pick<CurvePoint, 'at' | 'value'>[]): string[] {
  const pieces: string[][] = [[]];
  for (const { at, value } of points) {
    if (!Number.isFinite(value)) pieces.push([]);
    else pieces.at(-1)?.push(`${xOf(layout, at).toFixed(2)},${yOf(layout, value).toFixed(2)}`);
  }
  return pieces.filter(({ length }) => length > 1).map((corners) => corners.join(' '));
}

/** Farther from every point than this, the pointer means none of them. */
const reach = 48;

/** The point nearest to a place in the picture; null where none is near. */
export function pointAt(layout: ChartLayout, series: readonly Curve[], x: number, y: number): PointPosition | null {
  let nearest: PointPosition | null = null;
  let least = reach;
  series.forEach(({ points }, curve) =>
    points.forEach(({ at, value }, point) => {
      const distance = Math.hypot(xOf(layout, at) - x, (yOf(layout, value) - y) / 2);
      if (distance < least) [least, nearest] = [distance, { series: curve, point }];
    }),
  );
  return nearest;
}

function nearestOn({ points }: Curve, at: number): number {
  let nearest = 0;
  points.forEach((point, index) => {
    if (Math.abs(point.at - at) < Math.abs((points[nearest]?.at ?? Infinity) - at)) nearest = index;
  });
  return nearest;
}

/** Where a key moves the focus: left and right along a curve, up and down to the next curve; null for other keys. */
export function pointAfterKey(key: string, series: readonly Curve[], { series: curve, point }: PointPosition): PointPosition | null {
  const here = series[curve];
  if (!here) return null;
  const along = (index: number): PointPosition => ({ series: curve, point: Math.max(0, Math.min(here.points.length - 1, index)) });
  const across = (step: number): PointPosition => {
    const next = (curve + step + series.length) % series.length;
    return { series: next, point: nearestOn(series[next] ?? here, here.points[point]?.at ?? 0) };
  };
  const moves: Readonly<Record<string, () => PointPosition>> = {
    ArrowLeft: () => along(point - 1),
    ArrowRight: () => along(point + 1),
    ArrowUp: () => across(-1),
    ArrowDown: () => across(1),
    Home: () => along(0),
    End: () => along(here.points.length - 1),
  };
  return moves[key]?.() ?? null;
}
