import type { Dtype } from '../../../../src/checkpoint/index.js';
import type { StorageDtype } from '../../../../src/compute/combination.js';
import type { ChunkSegment } from '../../../../src/compute/index.js';
import { decodeToFloat64, encodeFromFloat64, referenceCombination } from '../../../../src/compute/reference/index.js';

/** What a `form` task is to give, without the files and buffers. */
export interface Forming {
  readonly dtypes: readonly Dtype[];
  readonly segments: readonly ChunkSegment[];
  readonly count: number;
  readonly storage: StorageDtype;
  readonly rounded: boolean;
}

/** Bits of the float32 values of a `form` task: combined by the reference, stored, read again, and rounded to float32. */
export function referenceValues({ dtypes, segments, count, storage, rounded }: Forming, inputs: readonly Uint8Array[]): Uint32Array {
  const values = new Float64Array(count);
  for (const segment of segments) {
    if (segment.kind === 'zeros') continue;
    const steps = segment.kind === 'copy' ? [{ scale: 1, plus: segment.input, minus: null }] : segment.steps;
    const stored = rounded ? storage : 'F32';
    const { bytes } = referenceCombination({ steps, dtypes, storage: stored, count }, inputs);
    const end = segment.first + segment.count;
    values.set(decodeToFloat64(stored, bytes, count).subarray(segment.first, end), segment.first);
  }
  return new Uint32Array(encodeFromFloat64('F32', values).buffer);
}

/** How many of the values with these bits are NaN or infinite. */
export function countNonFinite(bits: Uint32Array): number {
  return bits.filter((value) => (value & 0x7f800000) === 0x7f800000).length;
}
