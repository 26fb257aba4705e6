import assert from 'node:assert/strict';
import { gridPositions, mergePositions } from '../../../src/connectivity/line/grid.js';

describe('grid of a line', () => {
  it('is even, with tidy numbers and both ends', () => {
    assert.deepEqual(gridPositions({ from: 0, to: 1, points: 11 }), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    assert.deepEqual(gridPositions({ from: -0.25, to: 1.5, points: 8 }), [-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]);
  });

  it('has 0 and 1 exactly where they lie within range, and only there', () => {
    assert.deepEqual(gridPositions({ from: -0.5, to: 1.5, points: 4 }), [-0.5, 0, 0.166666666667, 0.833333333333, 1, 1.5]);
    const thirds = gridPositions({ from: -1 / 3, to: 4 / 3, points: 6 });
    assert.equal(thirds.length, 6);
    assert.ok(thirds.some((at) => Object.is(at, 0)) && thirds.includes(1));
    assert.deepEqual(gridPositions({ from: 0.2, to: 0.6, points: 3 }), [0.2, 0.4, 0.6]);
  });

  it('merges positions once each, the known spelling first', () => {
    assert.deepEqual(mergePositions([0, 0.3], [0.3 + 1e-12, 0.15, 1]), [0, 0.15, 0.3, 1]);
  });

  for (const [grid, message] of [
    [{ from: 0, to: 1, points: 1 }, /at least 2 points/],
    [{ from: 0, to: 1, points: 2.5 }, /at least 2 points/],
    [{ from: 1, to: 1, points: 3 }, /to a larger one, but got 1 to 1/],
    [{ from: 0, to: NaN, points: 3 }, /to a larger one/],
  ] as const) {
    it(`refuses ${grid.points} points from ${grid.from} to ${grid.to}`, () => assert.throws(() => gridPositions(grid), message));
  }
});
