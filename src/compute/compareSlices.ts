import { bitsOf } from '../checkpoint/index.js';
import { addStatistics, emptyStatistics } from './chunkStatistics.js';
import type { SliceSource } from './sliceReader.js';
import type { ChunkStatistics, Kernels } from './kernels.js';
import { readInputs } from './readInputs.js';
import { partOfSlice, type SlicePair } from './task.js';

/** Statistics of a slice pair, read and computed in blocks of the size that the kernels like. */
export async function compareSlices(pair: SlicePair, kernels: Kernels, reader: SliceSource): Promise<ChunkStatistics> {
  const step = elementsPerBlock(pair, kernels);
  if (pair.count <= step) return compareBlock(pair, kernels, reader);
  const total = emptyStatistics();
  for (let first = 0; first < pair.count; first += step) {
    const block = blockOf(pair, first, Math.min(step, pair.count - first));
    addStatistics(total, await compareBlock(block, kernels, reader), (index) => first + index);
  }
  return total;
}

function compareBlock(pair: SlicePair, kernels: Kernels, reader: SliceSource): Promise<ChunkStatistics> {
  readInputs(pair, kernels, reader);
  return kernels.compare(pair.a.dtype, (pair.b ?? pair.a).dtype, pair.count);
}

function elementsPerBlock({ a, b }: SlicePair, { blockByteLength }: Kernels): number {
  return (blockByteLength * 8) / Math.max(bitsOf(a.dtype), bitsOf((b ?? a).dtype));
}

function blockOf({ a, b }: SlicePair, first: number, count: number): SlicePair {
  return { a: partOfSlice(a, first, count), b: b && partOfSlice(b, first, count), count };
}
