import assert from 'node:assert/strict';
import { decodeToFloat64, referenceStatistics } from '../../../../src/compute/reference/index.js';
import type { ChunkStatistics, Kernels } from '../../../../src/compute/kernels.js';
import type { Chunk } from './chunks.js';

/** Relative bound of sums, in float64 units of the sums' own scale. */
const bound = 1e-6;

const exactFields = [
  'maxAbsDelta',
  'maxAbsDeltaIndex',
  'comparedCount',
  'zeroCount',
  'changedCount',
  'signFlips',
  'nonFiniteA',
  'nonFiniteB',
] as const;

/** Runs the kernels over a chunk. */
export async function run(kernels: Kernels, chunk: Chunk): Promise<ChunkStatistics> {
  const inputs = kernels.inputs(chunk.bytesA.length, chunk.bytesB.length);
  inputs.a.set(chunk.bytesA);
  inputs.b.set(chunk.bytesB);
  return kernels.compare(chunk.dtypeA, chunk.dtypeB, chunk.count);
}

/**
 * Compares with the reference: counts, maximum and histogram exactly, sums of squares within 1e-6 of themselves,
 * signed sums within 1e-6 of the sum of their terms' magnitudes. For products, what cannot be seen in a cosine,
 * 1e-15 ‖A‖‖B‖, is allowed as well: terms may underflow where both tensors are large elsewhere.
 */
export async function assertConforms(kernels: Kernels, chunk: Chunk): Promise<void> {
  const actual = await run(kernels, chunk);
  const a = decodeToFloat64(chunk.dtypeA, chunk.bytesA, chunk.count);
  const b = decodeToFloat64(chunk.dtypeB, chunk.bytesB, chunk.count);
  const expected = referenceStatistics(a, b);
  for (const field of exactFields) assert.equal(actual[field], expected[field], field);
  assert.deepEqual(occupiedBins(actual.histogram), occupiedBins(expected.histogram), 'histogram');
  const scale = scalesOf(a, b);
  assertClose(actual, expected, 'sumSquaresA', bound * expected.sumSquaresA);
  assertClose(actual, expected, 'sumSquaresB', bound * expected.sumSquaresB);
  assertClose(actual, expected, 'sumSquaresDelta', bound * expected.sumSquaresDelta);
  const invisible = 1e-15 * Math.sqrt(expected.sumSquaresA) * Math.sqrt(expected.sumSquaresB);
  assertClose(actual, expected, 'sumProducts', bound * scale.products + invisible);
  assertClose(actual, expected, 'sumDelta', bound * scale.delta);
}

function scalesOf(a: Float64Array, b: Float64Array): { products: number; delta: number } {
  const scale = { products: 0, delta: 0 };
  a.forEach((x, i) => {
    const y = b[i]!;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    scale.products += Math.abs(x * y);
    scale.delta += Math.abs(y - x);
  });
  return scale;
}

/** Sums that overflow float64 are the same infinity or NaN on both sides. */
function assertClose(
  actual: ChunkStatistics,
  expected: ChunkStatistics,
  field: 'sumSquaresA' | 'sumSquaresB' | 'sumProducts' | 'sumSquaresDelta' | 'sumDelta',
  error: number,
): void {
  const found = actual[field];
  const wanted = expected[field];
  if (Object.is(found, wanted)) return;
  assert.ok(Math.abs(found - wanted) <= error, `${field}: found ${found}, expected ${wanted} within ${error}`);
}

function occupiedBins(histogram: Uint32Array): string {
  return [...histogram.entries()]
    .filter(([, count]) => count > 0)
    .map(([bin, count]) => `${bin}:${count}`)
    .join(' ');
}
