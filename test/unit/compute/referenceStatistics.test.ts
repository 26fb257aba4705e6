import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ChunkStatistics } from '../../../src/compute/kernels.js';
import { referenceStatistics } from '../../../src/compute/reference/index.js';

type Expected = Omit<ChunkStatistics, 'histogram'> & {
  readonly histogram: Readonly<Record<string, number>>;
  readonly scaleProducts: number;
  readonly scaleDelta: number;
};

interface Golden {
  readonly title: string;
  readonly a: string;
  readonly b: string;
  readonly expected: Expected;
}

/** Made by scripts/goldens/statistics_goldens.py with numpy and correctly rounded sums. */
const goldens = JSON.parse(gunzipSync(readFileSync(join(__dirname, 'goldens/statistics.json.gz'))).toString()) as Golden[];

function float64s(base64: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

function occupiedBins(histogram: Uint32Array): Record<string, number> {
  return Object.fromEntries([...histogram.entries()].filter(([, count]) => count > 0));
}

function assertWithin(actual: number, expected: number, bound: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= bound, `${what}: ${actual} is not within ${bound} of ${expected}`);
}

describe('referenceStatistics, sums within 1e-13 of the scale of their terms, all else exactly as numpy', () => {
  for (const { title, a, b, expected } of goldens) {
    it(title, () => {
      const actual = referenceStatistics(float64s(a), float64s(b));
      assertWithin(actual.sumSquaresA, expected.sumSquaresA, 1e-13 * expected.sumSquaresA, 'sumSquaresA');
      assertWithin(actual.sumSquaresB, expected.sumSquaresB, 1e-13 * expected.sumSquaresB, 'sumSquaresB');
      assertWithin(actual.sumSquaresDelta, expected.sumSquaresDelta, 1e-13 * expected.sumSquaresDelta, 'sumSquaresDelta');
      assertWithin(actual.sumProducts, expected.sumProducts, 1e-13 * expected.scaleProducts, 'sumProducts');
      assertWithin(actual.sumDelta, expected.sumDelta, 1e-13 * expected.scaleDelta, 'sumDelta');
      for (const field of [
        'maxAbsDelta',
        'maxAbsDeltaIndex',
        'comparedCount',
        'zeroCount',
        'changedCount',
        'signFlips',
        'nonFiniteA',
        'nonFiniteB',
      ] as const) {
        assert.equal(actual[field], expected[field], field);
      }
      assert.deepEqual(occupiedBins(actual.histogram), expected.histogram);
    });
  }

  it('counts a difference too small for float32 as changed, in the bin of its sign with exponent 0', () => {
    const { zeroCount, changedCount, histogram } = referenceStatistics(new Float64Array([0, 0, 0]), new Float64Array([1e-300, -1e-300, 0]));
    assert.equal(zeroCount, 1);
    assert.equal(changedCount, 2);
    assert.deepEqual(occupiedBins(histogram), { 0: 2, 256: 1 });
  });
});
