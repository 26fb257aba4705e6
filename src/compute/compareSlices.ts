import { bitsOf } from '../checkpoint/index.js';
import { addStatistics, emptyStatistics, type MutableStatistics } from './chunkStatistics.js';
import type { ChunkStatistics, Kernels } from './kernels.js';
import { readInputs } from './readInputs.js';
import type { SliceSource } from './sliceReader.js';
import { partOfSlice, type SlicePair } from './task.js';

/** What a comparison of two slices finds. */
export interface SliceComparison {
  readonly statistics: ChunkStatistics;
  /** No value differs and, where both are stored alike, no byte. */
  readonly sameBytes: boolean;
}

/** Statistics of a slice pair, read and computed in blocks of the size that the kernels like. */
export async function compareSlices(pair: SlicePair, kernels: Kernels, reader: SliceSource): Promise<SliceComparison> {
  const step = elementsPerBlock(pair, kernels);
  if (pair.count <= step) return compareBlock(pair, kernels, reader);
  const total = emptyStatistics();
  let sameBytes = true;
  for (let first = 0; first < pair.count; first += step) {
    const block = await compareBlock(blockOf(pair, first, Math.min(step, pair.count - first)), kernels, reader);
    addStatistics(total, block.statistics, (index) => first + index);
    sameBytes &&= block.sameBytes;
  }
  return { statistics: total, sameBytes };
}

async function compareBlock(pair: SlicePair, kernels: Kernels, reader: SliceSource): Promise<SliceComparison> {
  const { a, b } = readInputs(pair, kernels, reader);
  if (pair.as === 'bytes') return compareBytes(pair, a, b);
  const statistics = await kernels.compare(pair.a.dtype, (pair.b ?? pair.a).dtype, pair.count);
  if (!isStoredAlike(pair)) return { statistics, sameBytes: statistics.changedCount === 0 };
  const sameBytes = statistics.changedCount === 0 && isEqual(a, b);
  return { statistics: isWideInteger(pair) ? { ...statistics, changedCount: countElements(a, b, 8) } : statistics, sameBytes };
}

/** Equal values have equal bytes but for zeros of either sign and the many ways to write NaN. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Values that are computed have no bytes of their own. */
function isStoredAlike({ a, b }: SlicePair): boolean {
  return b !== null && !('recipe' in a) && !('recipe' in b) && a.dtype === b.dtype;
}

/** Float64 does not hold these exactly: what changed is told by their bytes. */
function isWideInteger({ a: { dtype } }: SlicePair): boolean {
  return dtype === 'I64' || dtype === 'U64';
}

/** Counts the units that differ: elements, or the codes that are packed into them. */
function compareBytes({ unitBits = 8 }: SlicePair, a: Uint8Array, b: Uint8Array): SliceComparison {
  const statistics: MutableStatistics = { ...emptyStatistics(), comparedCount: (a.byteLength * 8) / unitBits };
  if (isEqual(a, b)) return { statistics, sameBytes: true };
  statistics.changedCount = unitBits < 8 ? countParts(a, b, unitBits) : countElements(a, b, unitBits / 8);
  return { statistics, sameBytes: false };
}

function countElements(a: Uint8Array, b: Uint8Array, size: number): number {
  let changed = 0;
  for (let start = 0; start < a.byteLength; start += size) {
    let byte = start;
    while (byte < start + size && a[byte] === b[byte]) byte++;
    if (byte < start + size) changed++;
  }
  return changed;
}

function countParts(a: Uint8Array, b: Uint8Array, bits: number): number {
  const mask = 2 ** bits - 1;
  let changed = 0;
  for (let byte = 0; byte < a.byteLength; byte++) {
    for (let rest = a[byte]! ^ b[byte]!; rest !== 0; rest >>= bits) if ((rest & mask) !== 0) changed++;
  }
  return changed;
}

function elementsPerBlock({ a, b }: SlicePair, { blockByteLength }: Kernels): number {
  return (blockByteLength * 8) / Math.max(bitsOf(a.dtype), bitsOf((b ?? a).dtype));
}

function blockOf({ a, b, ...how }: SlicePair, first: number, count: number): SlicePair {
  return { ...how, a: partOfSlice(a, first, count), b: b && partOfSlice(b, first, count), count };
}
