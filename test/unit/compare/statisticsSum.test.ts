import assert from 'node:assert/strict';
import { cosineOf, StatisticsSum } from '../../../src/compare/statisticsSum.js';
import type { ChunkSums } from '../../../src/compute/index.js';

const nothing: ChunkSums = {
  sumSquaresA: 0,
  sumSquaresB: 0,
  sumProducts: 0,
  sumSquaresDelta: 0,
  sumDelta: 0,
  maxAbsDelta: 0,
  maxAbsDeltaIndex: -1,
  comparedCount: 0,
  zeroCount: 0,
  changedCount: 0,
  signFlips: 0,
  nonFiniteA: 0,
  nonFiniteB: 0,
  occupiedBins: new Uint32Array(),
};

describe('sums of chunk statistics', () => {
  it('of nothing are zeros with an undefined cosine', () => {
    const { histogram, cosine, ...rest } = new StatisticsSum().finish();
    assert.ok(Number.isNaN(cosine));
    assert.deepEqual(histogram, { zero: 0, firstExponent: 0, negative: [], positive: [] });
    assert.equal(rest.relativeChange, 0);
    assert.equal(rest.maxAbsDeltaIndex, null);
  });

  it('keep the first position of the maximum, counted from the start of the tensor', () => {
    const sum = new StatisticsSum();
    sum.addChunk({ ...nothing, maxAbsDelta: 2, maxAbsDeltaIndex: 5 }, 0);
    sum.addChunk({ ...nothing, maxAbsDelta: 3, maxAbsDeltaIndex: 7 }, 1000);
    sum.addChunk({ ...nothing, maxAbsDelta: 3, maxAbsDeltaIndex: 1 }, 2000);
    assert.equal(sum.finish().maxAbsDeltaIndex, 1007);
  });

  it('have infinite relative change when only ‖A‖ is 0', () => {
    const sum = new StatisticsSum();
    sum.addChunk({ ...nothing, sumSquaresB: 4, sumSquaresDelta: 4, comparedCount: 1, changedCount: 1 }, 0);
    assert.equal(sum.finish().relativeChange, Infinity);
  });

  it('tell zeros from tiny positive differences, and trim the histogram to occupied bins', () => {
    const sum = new StatisticsSum();
    sum.addChunk({ ...nothing, zeroCount: 10, occupiedBins: Uint32Array.of(0, 12, 2, 3, 256, 1, 257, 4) }, 0);
    assert.deepEqual(sum.finish().histogram, { zero: 10, firstExponent: -127, positive: [2, 0, 3], negative: [1, 4, 0] });
  });

  it('of groups drop the position of the maximum', () => {
    const tensor = new StatisticsSum();
    tensor.addChunk({ ...nothing, maxAbsDelta: 2, maxAbsDeltaIndex: 5 }, 0);
    const group = new StatisticsSum();
    group.addSum(tensor);
    assert.equal(group.finish().maxAbsDeltaIndex, null);
    assert.equal(group.finish().maxAbsDelta, 2);
  });
});

describe('cosine', () => {
  it('resolves distances from 1 that the plain formula loses in rounding', () => {
    // A = (1, 0), B = (1, 1e-9): the distance is 5e-19, below what 1 - x can hold, so the cosine is 1 and never above.
    assert.equal(cosineOf(1, 1, 1, 1e-18), 1);
    // A = (1, 0), B = (cos t, sin t), t = 1e-6: 1 - cos t = 5e-13.
    const squaresDelta = 2 - 2 * Math.cos(1e-6);
    assert.ok(Math.abs(1 - cosineOf(1, 1, 0.9999, squaresDelta) - 5e-13) < 1e-15);
  });

  it('is undefined when a side is 0, whatever rounding does to the squares', () => {
    for (const squares of [1, 2, 3, 5, 7, 0.1, 1e-300, 1e300]) {
      assert.ok(Number.isNaN(cosineOf(0, squares, 0, squares)), `‖B‖² = ${squares}`);
      assert.ok(Number.isNaN(cosineOf(squares, 0, 0, squares)), `‖A‖² = ${squares}`);
    }
  });

  it('of orthogonal and opposite vectors is 0 and -1', () => {
    assert.equal(cosineOf(1, 4, 0, 5), 0);
    assert.equal(cosineOf(1, 1, -1, 4), -1);
  });
});
