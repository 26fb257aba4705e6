import { histogramBins, type ChunkStatistics } from './kernels.js';

/** A chunk's sums with a sparse histogram: `bin, count, bin, count, …` of the bins that are not empty. */
export interface ChunkSums extends Omit<ChunkStatistics, 'histogram'> {
  readonly occupiedBins: Uint32Array;
}

/**
 * The statistics of many chunks in three arrays: what a worker sends. A model of 100,000 small tensors would otherwise
 * spend its time on cloning histograms that are mostly empty.
 */
export interface PackedStatistics {
  /** `fields.length` numbers a chunk. */
  readonly scalars: Float64Array<ArrayBuffer>;
  readonly occupiedBins: Uint32Array<ArrayBuffer>;
  /** Where each chunk's entries of `occupiedBins` end. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

const fields = [
  'sumSquaresA',
  'sumSquaresB',
  'sumProducts',
  'sumSquaresDelta',
  'sumDelta',
  'maxAbsDelta',
  'maxAbsDeltaIndex',
  'comparedCount',
  'zeroCount',
  'changedCount',
  'signFlips',
  'nonFiniteA',
  'nonFiniteB',
] as const satisfies readonly (keyof ChunkSums)[];

export function packStatistics(chunks: readonly ChunkStatistics[]): PackedStatistics {
  const scalars = new Float64Array(chunks.length * fields.length);
  const ends = new Uint32Array(chunks.length);
  const occupied: number[] = [];
  for (const [i, chunk] of chunks.entries()) {
    for (const [j, field] of fields.entries()) scalars[i * fields.length + j] = chunk[field];
    pushOccupied(occupied, chunk.histogram);
    ends[i] = occupied.length;
  }
  return { scalars, occupiedBins: Uint32Array.from(occupied), ends };
}

function pushOccupied(occupied: number[], histogram: Uint32Array): void {
  for (let bin = 0; bin < histogramBins; bin++) {
    const count = histogram[bin]!;
    if (count > 0) occupied.push(bin, count);
  }
}

/** @returns the sums of chunk `i` */
export function unpackStatistics({ scalars, occupiedBins, ends }: PackedStatistics, i: number): ChunkSums {
  const at = i * fields.length;
  return {
    sumSquaresA: scalars[at]!,
    sumSquaresB: scalars[at + 1]!,
    sumProducts: scalars[at + 2]!,
    sumSquaresDelta: scalars[at + 3]!,
    sumDelta: scalars[at + 4]!,
    maxAbsDelta: scalars[at + 5]!,
    maxAbsDeltaIndex: scalars[at + 6]!,
    comparedCount: scalars[at + 7]!,
    zeroCount: scalars[at + 8]!,
    changedCount: scalars[at + 9]!,
    signFlips: scalars[at + 10]!,
    nonFiniteA: scalars[at + 11]!,
    nonFiniteB: scalars[at + 12]!,
    occupiedBins: occupiedBins.subarray(i === 0 ? 0 : ends[i - 1], ends[i]),
  };
}
