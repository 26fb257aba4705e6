import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maxOf, minOf } from '../../../src/base/extremes.js';

describe('extremes', () => {
  it('are those of Math.max and Math.min, NaN and nothing included', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        assert.ok(Object.is(maxOf(values), Math.max(...values)));
        assert.ok(Object.is(minOf(values), Math.min(...values)));
      }),
    );
  });

  it('of a million values do not overflow the stack', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    assert.deepEqual([minOf(values), maxOf(values)], [0, 999_999]);
  });
});
