import assert from 'node:assert/strict';
import { gridPositions } from '../../../src/extension/connectivity/connectivityRoom.js';
import { describeGrid, gridsOf } from '../../../src/extension/connectivity/wizard/gridChoices.js';
import { gridOfText, problemOfGrid } from '../../../src/extension/connectivity/wizard/gridText.js';

describe('A grid as the user types it', () => {
  it('is from, to and number of points', () => {
    assert.equal(problemOfGrid(' −0.5  1.5 ; 21 ', 'interpolate'), null);
    assert.deepEqual(gridOfText(' −0.5  1.5 ; 21 '), { from: -0.5, to: 1.5, points: 21, refine: 0 });
    for (const text of ['', '0 1', '0 1 5 7', '0,1,5', 'a b 3', '0 Infinity 5'])
      assert.match(problemOfGrid(text, 'sweep') ?? '', /^Three numbers such as/, text);
  });

  it('has at most as many points as can be scored', () => {
    assert.equal(problemOfGrid('0 1 1000', 'sweep'), null);
    assert.equal(problemOfGrid('0 1 1000000', 'sweep'), 'A line has 2 to 1000 points, but got 1000000.');
    assert.equal(problemOfGrid('0 1 41', 'plane'), null);
    assert.equal(problemOfGrid('0 1 42', 'plane'), 'A plane has 2 to 41 points per axis, but got 42.');
    for (const points of ['1', '2.5', '-3']) assert.match(problemOfGrid(`0 1 ${points}`, 'plane') ?? '', /2 to 41 points/, points);
  });

  it('runs upwards, within what scales can be', () => {
    assert.equal(problemOfGrid('1 0 5', 'interpolate'), 'From has to be less than to, but got 1 and 0.');
    assert.equal(problemOfGrid('-1e6 1e6 5', 'interpolate'), null);
    for (const text of ['-2e6 1 5', '0 1e7 5'])
      assert.equal(problemOfGrid(text, 'interpolate'), 'From and to lie between −1000000 and 1000000.');
  });
});

describe('The grids that the wizard proposes', () => {
  const choices = Object.values(gridsOf).flat();

  it('have 0 and 1 among their points, so that none is added', () => {
    for (const { grid } of choices) {
      const places = gridPositions(grid);
      assert.equal(places.length, grid.points);
      assert.ok(places.includes(0) && places.includes(1));
    }
  });

  it('say how many points that is', () => {
    const said = (way: keyof typeof gridsOf): string[] => gridsOf[way].map((choice) => describeGrid(choice, way).label);
    assert.deepEqual(said('interpolate'), ['11 Points from 0 to 1', '7 Points and up to 8 More', '13 Points from −0.25 to 1.25']);
    assert.deepEqual(said('sweep'), ['15 Points from −0.25 to 1.5', '8 Points and up to 8 More', '11 Points from 0 to 1']);
    assert.deepEqual(said('plane'), ['7 × 7 Points from −0.25 to 1.25', '13 × 13 Points from −0.25 to 1.25']);
    assert.deepEqual(
      gridsOf.plane.map((choice) => describeGrid(choice, 'plane').description),
      ['49 models', '169 models'],
    );
  });
});
