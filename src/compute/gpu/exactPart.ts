/**
 * The part of a comparison that must be exact: Δ and what is counted or picked from it. It runs on the CPU while the
 * GPU sums. Several short loops, because V8 compiles those to code that is faster than one long loop.
 */
import { emptyStatistics, type MutableStatistics } from '../chunkStatistics.js';

/** Room for one slice of Δ, reused from call to call. */
export class DeltaBuffer {
  readonly values: Float32Array;
  readonly bits: Uint32Array;

  constructor(length: number) {
    this.values = new Float32Array(length);
    this.bits = new Uint32Array(this.values.buffer);
  }
}

/**
 * Everything but the four sums of squares and products, over safe values (`float32Rule`). `count` of the positions
 * are compared; the others are padding and hold 0 on both sides.
 */
export function exactStatistics(a: Float32Array, b: Float32Array, count: number, delta: DeltaBuffer): MutableStatistics {
  const total = emptyStatistics();
  subtract(a, b, delta.values);
  countBins(delta.bits, total.histogram);
  total.histogram[0]! -= a.length - count;
  total.comparedCount = count;
  total.zeroCount = total.histogram[0]!;
  total.changedCount = count - total.zeroCount;
  total.sumDelta = sumOfDifferences(a, b);
  total.signFlips = countSignFlips(a, b);
  findMaximum(a, b, total);
  return total;
}

/** Adding 0 turns −0 into +0. Rounding a float64 difference of two float32 to float32 rounds correctly. */
function subtract(a: Float32Array, b: Float32Array, delta: Float32Array): void {
  const count = a.length;
  for (let i = 0; i < count; i++) delta[i] = b[i]! - a[i]! + 0;
}

/** Four histograms, so that increments of neighbours do not wait for each other. */
function countBins(bits: Uint32Array, histogram: Uint32Array): void {
  const bins = histogram.length;
  const copies = new Uint32Array(4 * bins);
  const count = bits.length;
  for (let i = 0; i < count; i++) copies[(i & 3) * bins + (bits[i]! >>> 23)]!++;
  for (let i = 0; i < copies.length; i++) histogram[i % bins]! += copies[i]!;
}

/** Exact up to float64 rounding. */
function sumOfDifferences(a: Float32Array, b: Float32Array): number {
  const count = a.length;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < count; i += 2) {
    even += b[i]! - a[i]!;
    odd += b[i + 1]! - a[i + 1]!;
  }
  return even + odd;
}

function countSignFlips(a: Float32Array, b: Float32Array): number {
  const count = a.length;
  let flips = 0;
  for (let i = 0; i < count; i++) if (a[i]! * b[i]! < 0) flips++;
  return flips;
}

function findMaximum(a: Float32Array, b: Float32Array, total: MutableStatistics): void {
  const count = a.length;
  let maximum = 0;
  let index = -1;
  for (let i = 0; i < count; i++) {
    const magnitude = Math.abs(b[i]! - a[i]!);
    if (magnitude > maximum) {
      maximum = magnitude;
      index = i;
    }
  }
  total.maxAbsDelta = maximum;
  total.maxAbsDeltaIndex = index;
}
