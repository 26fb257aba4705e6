import assert from 'node:assert/strict';
import { gridPositions, mergePositions } from '../../../src/connectivity/line/grid.js';
import { proposePositions } from '../../../src/connectivity/line/refine.js';
import { pointAt, outsideScore, pointsOn } from './support/scores.js';

const grid = gridPositions({ from: 0, to: 1, points: 6 });
const bump = (at: number): number => 3 + Math.exp(-(((at - 0.31) / 0.05) ** 2));

describe('adaptive refinement', () => {
  it('proposes nothing on a straight line, or where bends are too small to matter', () => {
    assert.deepEqual(
      proposePositions(
        pointsOn((at) => 3 + 2 * at, grid),
        'interpolate',
        5,
      ),
      [],
    );
    assert.deepEqual(
      proposePositions(
        pointsOn((at) => 3 + 0.01 * at ** 2, grid),
        'interpolate',
        5,
      ),
      [],
    );
  });

  it('goes where the curve bends, by whole intervals, and no further than asked', () => {
    assert.deepEqual(proposePositions(pointsOn(bump, grid), 'interpolate', 2), [0.3, 0.5]);
    assert.deepEqual(proposePositions(pointsOn(bump, grid), 'interpolate', 1).length, 1);
  });

  it('closes in on the top of a barrier', () => {
    let positions = gridPositions({ from: 0, to: 1, points: 5 });
    for (let round = 0; round < 4; round++)
      positions = mergePositions(positions, proposePositions(pointsOn(bump, positions), 'interpolate', 3));
    const top = pointsOn(bump, positions).reduce((best, point) => (bump(point.at) > bump(best.at) ? point : best));
    assert.ok(bump(top.at) > 3.95, `highest at ${top.at}`);
    assert.ok(positions.length <= 17);
  });

  it('closes in on the best λ of a sweep', () => {
    const valley = (at: number): number => 3 + Math.abs(at - 0.8);
    const [next] = proposePositions(pointsOn(valley, [0, 0.5, 1, 1.5]), 'sweep', 1);
    assert.equal(next, 0.75);
  });

  it('stops at noise: bends below two standard errors are none', () => {
    const noisy = pointsOn(() => 3, grid, { windows: 16, shared: 0.5, own: 0.2 });
    assert.ok(proposePositions(noisy, 'interpolate', 5).length <= 2);
    const loud = pointsOn(bump, grid, { windows: 16, shared: 0.5, own: 40 });
    assert.deepEqual(proposePositions(loud, 'interpolate', 5), []);
  });

  it('takes numbers without a standard error as they are', () => {
    const points = grid.map((at) => pointAt(at, outsideScore(at === 0.4 ? -1 : 0)));
    assert.deepEqual(proposePositions(points, 'interpolate', 2), [0.3, 0.5]);
  });

  it('does not refine where the loss is not finite, nor for ever', () => {
    assert.deepEqual(
      proposePositions(
        pointsOn((at) => (at > 0.5 ? NaN : 3), grid),
        'interpolate',
        5,
      ),
      [],
    );
    assert.deepEqual(
      proposePositions(
        pointsOn((at) => 3 + 1e6 * at ** 2, [0, 0.001, 0.002]),
        'interpolate',
        5,
      ),
      [],
    );
    assert.deepEqual(proposePositions([], 'interpolate', 5), []);
  });
});
