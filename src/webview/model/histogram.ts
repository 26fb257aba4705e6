import type { DeltaHistogram, TensorDiff, ValueSpread } from '../../compare/report/index.js';
import { maxOf } from '../../base/extremes.js';
import { formatCount, formatNumber, formatShare } from '../../base/format.js';

/** One bar: how many Δ lie between two powers of two on one side of zero. */
export interface HistogramBar {
  readonly side: 'negative' | 'positive';
  /** The bar counts 2^exponent ≤ |Δ| < 2^(exponent+1). */
  readonly exponent: number;
  readonly count: number;
  /** Place from left to right. */
  readonly slot: number;
}

export interface HistogramModel {
  /** From large negative Δ over small ones to large positive ones. */
  readonly bars: readonly HistogramBar[];
  readonly slots: number;
  readonly largestCount: number;
  readonly zero: number;
  readonly total: number;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Bars in drawing order, the two sides mirrored about an empty slot for zero. */
export function layOutHistogram({ zero, firstExponent, negative, positive }: DeltaHistogram): HistogramModel {
  const size = Math.max(negative.length, positive.length);
  const bar = (side: HistogramBar['side'], bin: number, count: number): HistogramBar => ({
    side,
    count,
    exponent: firstExponent + bin,
    slot: side === 'negative' ? size - 1 - bin : size + 1 + bin,
  });
  return {
    bars: [
      ...negative.map((count, bin) => bar('negative', bin, count)).reverse(),
      ...positive.map((count, bin) => bar('positive', bin, count)),
    ],
    slots: 2 * size + 1,
    largestCount: Math.max(0, maxOf(negative), maxOf(positive)),
    zero,
    total: zero + sum(negative) + sum(positive),
  };
}

/** The range of |Δ| a bar counts, in numbers: `9.77e-4 … 1.95e-3`. */
export function rangeText({ exponent }: Pick<HistogramBar, 'exponent'>): string {
  if (exponent === -127) return `below ${formatNumber(2 ** -126)}`;
  if (exponent === 128) return `${formatNumber(2 ** 128)} and more`;
  return `${formatNumber(2 ** exponent)} … ${formatNumber(2 ** (exponent + 1))}`;
}

/** `1,234 unchanged (12.3%)`. */
export function zeroText({ zero, total }: HistogramModel): string {
  return total === 0 ? 'no values compared' : `${formatCount(zero)} unchanged (${formatShare(zero / total)})`;
}

/** Rows of the table behind the picture, largest |Δ| first. */
export function histogramRows({
  firstExponent,
  negative,
  positive,
}: DeltaHistogram): { range: string; negative: number; positive: number }[] {
  const size = Math.max(negative.length, positive.length);
  return Array.from({ length: size }, (_, bin) => ({
    range: rangeText({ exponent: firstExponent + bin }),
    negative: negative[bin] ?? 0,
    positive: positive[bin] ?? 0,
  })).reverse();
}

/** Exponents to label under one side: at most `most`, evenly spaced from the largest down. */
export function labelledExponents({ firstExponent, negative, positive }: DeltaHistogram, most: number): number[] {
  const size = Math.max(negative.length, positive.length);
  const step = Math.max(1, Math.ceil(size / most));
  return Array.from({ length: Math.ceil(size / step) }, (_, index) => firstExponent + size - 1 - index * step);
}

/** One bar of a linear histogram. */
export interface LinearBar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface LinearHistogram {
  readonly bars: readonly LinearBar[];
  /** The axis reaches from −span to span. */
  readonly span: number;
  /** Values beyond it. */
  readonly beyond: number;
}

/** Mean and standard deviation of Δ; null where nothing was compared. */
export function momentsOf({
  normDelta,
  meanDelta,
  comparedCount,
}: TensorDiff): { readonly mean: number; readonly deviation: number } | null {
  if (normDelta === null || meanDelta === null || !comparedCount || !Number.isFinite(normDelta)) return null;
  return { mean: meanDelta, deviation: Math.sqrt(Math.max(0, normDelta ** 2 / comparedCount - meanDelta ** 2)) };
}

/** Standard deviations that an axis shows. */
const shownDeviations = 5;

/** Root mean square of values, `shownDeviations` times; at most the largest value where that is known. */
function spanOf(norm: number | null, count: number | null, largest = Infinity): number | null {
  const span = norm === null || !count ? 0 : Math.min(largest, (shownDeviations * norm) / Math.sqrt(count));
  return span > 0 && Number.isFinite(span) ? span : null;
}

/** How far from 0 linear histograms of a tensor reach; null where nothing changed or nothing was compared. */
export function spansOf({ normA, normB, normDelta, comparedCount, maxAbsDelta }: TensorDiff): { delta: number; values: number } | null {
  const delta = spanOf(normDelta, comparedCount, maxAbsDelta ?? Infinity);
  const values = spanOf(Math.max(normA ?? 0, normB ?? 0), comparedCount);
  return delta === null || values === null ? null : { delta, values };
}

/** A list of counts with what lies below and above at its ends, as bars between −span and span. */
export function barsOfCounts(counts: readonly number[], span: number): LinearHistogram {
  const inner = counts.slice(1, -1);
  const width = (2 * span) / Math.max(1, inner.length);
  const bars = inner.map((count, index) => ({ from: -span + index * width, to: -span + (index + 1) * width, count }));
  return { bars, span, beyond: (counts[0] ?? 0) + (counts.at(-1) ?? 0) };
}

/** The report's bins, which are powers of two, on a linear axis: few and wide, until the values are read again. */
function barsOfPowers({ firstExponent, negative, positive }: DeltaHistogram, span: number): LinearHistogram {
  const side = (counts: readonly number[], sign: 1 | -1): LinearBar[] =>
    counts.map((count, bin) => {
      const [near, far] = [2 ** (firstExponent + bin), 2 ** (firstExponent + bin + 1)];
      return sign > 0 ? { from: near, to: far, count } : { from: -far, to: -near, count };
    });
  const all = [...side(negative, -1).reverse(), ...side(positive, 1)];
  const isShown = ({ from, to }: LinearBar): boolean => from < span && to > -span;
  return { bars: all.filter(isShown), span, beyond: sum(all.filter((bar) => !isShown(bar)).map(({ count }) => count)) };
}

/** Δ on a linear axis, from the values where they were read; null where nothing changed. */
export function linearHistogram(tensor: TensorDiff, spread: ValueSpread | null): LinearHistogram | null {
  if (spread !== null) return barsOfCounts(spread.delta, spread.deltaSpan);
  const spans = spansOf(tensor);
  return tensor.histogram === null || spans === null ? null : barsOfPowers(tensor.histogram, spans.delta);
}

/** Height of a bar: its area stands for its count, whatever its width. */
export function densityOf({ from, to, count }: LinearBar): number {
  return count / (to - from);
}
