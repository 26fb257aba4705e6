import { addStatistics, type MutableStatistics } from '../chunkStatistics.js';
import { referenceStatistics } from '../reference/index.js';
import { hasUnsafe } from './float32Rule.js';

/** Length of the runs that are searched as a whole before their values are looked at one by one. */
const runLength = 1024;

/** One slice of both sides, as float32 and as its bits over the same memory. */
export interface Slice {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly bitsA: Uint32Array;
  readonly bitsB: Uint32Array;
}

/** Pairs that were taken out of a slice because float32 arithmetic is not safe for them. */
export interface UnsafePairs {
  readonly positions: number[];
  readonly a: number[];
  readonly b: number[];
}

/** Takes the pairs out where one value or both are outside the safe range, and leaves zeros in their place. */
export function takeUnsafePairs(slice: Slice, count: number): UnsafePairs {
  const taken: UnsafePairs = { positions: [], a: [], b: [] };
  for (let first = 0; first < count; first += runLength) {
    const end = Math.min(first + runLength, count);
    if (hasUnsafe(slice.bitsA, first, end) || hasUnsafe(slice.bitsB, first, end)) takeFromRun(slice, first, end, taken);
  }
  return taken;
}

function takeFromRun(slice: Slice, first: number, end: number, taken: UnsafePairs): void {
  for (let i = first; i < end; i++) {
    if (!hasUnsafe(slice.bitsA, i, i + 1) && !hasUnsafe(slice.bitsB, i, i + 1)) continue;
    taken.positions.push(i);
    taken.a.push(slice.a[i]!);
    taken.b.push(slice.b[i]!);
    slice.a[i] = 0;
    slice.b[i] = 0;
  }
}

/** Adds what the reference computes for the pairs. */
export function addUnsafePairs(total: MutableStatistics, pairs: UnsafePairs): void {
  if (pairs.positions.length === 0) return;
  const statistics = referenceStatistics(Float64Array.from(pairs.a), Float64Array.from(pairs.b));
  addStatistics(total, statistics, (index) => pairs.positions[index]!);
}
