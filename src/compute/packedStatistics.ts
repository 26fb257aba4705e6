import { histogramBins, type ChunkStatistics } from './kernels.js';
import { readScalarStatistics, type ScalarStatistics, statisticFields as fields } from './statisticFields.js';

/** A chunk's sums with a sparse histogram: `bin, count, bin, count, …` of the bins that are not empty. */
export interface ChunkSums extends ScalarStatistics {
  readonly occupiedBins: Uint32Array;
}

/**
 * The statistics of many chunks in three arrays: what a worker sends. A model of 100,000 small tensors would otherwise
 * spend its time on cloning histograms that are mostly empty.
 */
export interface PackedStatistics {
  /** `statisticFields.length` numbers a chunk. */
  readonly scalars: Float64Array<ArrayBuffer>;
  readonly occupiedBins: Uint32Array<ArrayBuffer>;
  /** Where each chunk's entries of `occupiedBins` end. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

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
  return {
    ...readScalarStatistics(scalars, i * fields.length),
    occupiedBins: occupiedBins.subarray(i === 0 ? 0 : ends[i - 1], ends[i]),
  };
}
