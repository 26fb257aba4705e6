import type { DeltaHistogram } from '../../compare/report/index.js';
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
