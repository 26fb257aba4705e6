import { bitsOf } from '../checkpoint/index.js';
import { addStatistics, emptyStatistics } from './chunkStatistics.js';
import type { FileReader } from './fileReader.js';
import type { ChunkStatistics, Kernels } from './kernels.js';
import { readInputs } from './readInputs.js';
import type { SlicePair, TensorSlice } from './task.js';

/** Statistics of a slice pair, read and computed in blocks of the size that the kernels like. */
export async function compareSlices(pair: SlicePair, kernels: Kernels, reader: FileReader): Promise<ChunkStatistics> {
  const step = elementsPerBlock(pair, kernels);
  if (pair.count <= step) return compareBlock(pair, kernels, reader);
  const total = emptyStatistics();
  for (let first = 0; first < pair.count; first += step) {
    const block = blockOf(pair, first, Math.min(step, pair.count - first));
    addStatistics(total, await compareBlock(block, kernels, reader), (index) => first + index);
  }
  return total;
}

function compareBlock(pair: SlicePair, kernels: Kernels, reader: FileReader): Promise<ChunkStatistics> {
  readInputs(pair, kernels, reader);
  return kernels.compare(pair.a.dtype, (pair.b ?? pair.a).dtype, pair.count);
}

function elementsPerBlock({ a, b }: SlicePair, { blockByteLength }: Kernels): number {
  return (blockByteLength * 8) / Math.max(bitsOf(a.dtype), bitsOf((b ?? a).dtype));
}

function blockOf({ a, b }: SlicePair, first: number, count: number): SlicePair {
  return { a: partOf(a, first, count), b: b && partOf(b, first, count), count };
}

function partOf(slice: TensorSlice, first: number, count: number): TensorSlice {
  const bytesPerElement = bitsOf(slice.dtype) / 8;
  return { ...slice, start: slice.start + first * bytesPerElement, byteLength: count * bytesPerElement };
}
