import type { DeltaHistogram, TensorDiff } from '../../compare/report/index.js';

/** Places of a sparkline; every row of the table has the same, so that rows can be compared. */
export const sparklineSlots = 24;

/** How |Δ| is spread over powers of two in each tensor: small pictures of histograms, all on one axis. */
export interface Sparklines {
  /** Heights 0…255, `sparklineSlots` for each tensor; each as a share of its tensor's largest. All 0 where nothing is known. */
  readonly heights: Uint8Array;
  /** The first slot begins at |Δ| = 2^firstExponent. */
  readonly firstExponent: number;
  readonly exponentsPerSlot: number;
}

function exponents({ firstExponent, negative, positive }: DeltaHistogram): { exponent: number; count: number }[] {
  const size = Math.max(negative.length, positive.length);
  return Array.from({ length: size }, (_, bin) => ({ exponent: firstExponent + bin, count: (negative[bin] ?? 0) + (positive[bin] ?? 0) }));
}

function fill(heights: Uint8Array, histogram: DeltaHistogram, slotOf: (exponent: number) => number): void {
  const counts = new Float64Array(sparklineSlots);
  for (const { exponent, count } of exponents(histogram)) {
    const slot = slotOf(exponent);
    counts[slot] = (counts[slot] ?? 0) + count;
  }
  const largest = counts.reduce((most, count) => Math.max(most, count), 0);
  // A count above zero always shows.
  counts.forEach((count, slot) => (heights[slot] = count === 0 ? 0 : Math.max(16, Math.round((255 * count) / largest))));
}

/** Sparklines of tensors, in their order. */
export function sparklinesOf(tensors: readonly Pick<TensorDiff, 'histogram'>[]): Sparklines {
  let [first, last] = [Infinity, -Infinity];
  for (const { histogram } of tensors) {
    if (histogram === null) continue;
    for (const { exponent, count } of exponents(histogram)) {
      if (count === 0) continue;
      first = Math.min(first, exponent);
      last = Math.max(last, exponent);
    }
  }
  const heights = new Uint8Array(tensors.length * sparklineSlots);
  if (first > last) return { heights, firstExponent: 0, exponentsPerSlot: 1 };
  const exponentsPerSlot = Math.ceil((last - first + 1) / sparklineSlots);
  tensors.forEach(({ histogram }, row) => {
    if (histogram === null) return;
    const own = heights.subarray(row * sparklineSlots, (row + 1) * sparklineSlots);
    fill(own, histogram, (exponent) => Math.max(0, Math.floor((exponent - first) / exponentsPerSlot)));
  });
  return { heights, firstExponent: first, exponentsPerSlot };
}

/** A row's sparkline as an SVG path in a box of `width × height`; empty where there is none. */
export function sparklinePath({ heights }: Sparklines, row: number, width: number, height: number): string {
  const step = width / sparklineSlots;
  let path = '';
  for (let slot = 0; slot < sparklineSlots; slot++) {
    const tall = ((heights[row * sparklineSlots + slot] ?? 0) / 255) * height;
    if (tall > 0) path += `M${(slot * step).toFixed(1)} ${height}v${(-tall).toFixed(1)}h${(step - 0.5).toFixed(1)}V${height}z`;
  }
  return path;
}
