import assert from 'node:assert/strict';
import { profileRows } from '../../../src/compute/profile.js';
import { randomUint32s } from './support/random.js';

function plain(sums: ReturnType<typeof profileRows>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(sums).map(([field, values]) => [field, Array.from(values as Float64Array)]));
}

describe('profile of rows', () => {
  it('sums squares of Δ by row, column and cell, the last cell of a row being narrower', () => {
    const a = Float64Array.of(1, 2, 3, 0, 0, 0);
    const b = Float64Array.of(2, 4, 6, 0, -1, 5);
    assert.deepEqual(plain(profileRows(a, b, 3, 2)), {
      rowSquaresDelta: [14, 26],
      rowSquaresA: [14, 0],
      columnSquaresDelta: [1, 5, 34],
      cellSquaresDelta: [5, 9, 1, 25],
    });
  });

  it('counts positions where a value is not finite as unchanged, and leaves them out of ‖A‖', () => {
    const a = Float64Array.of(NaN, Infinity, 1, 2);
    const b = Float64Array.of(1, Infinity, -Infinity, 4);
    assert.deepEqual(plain(profileRows(a, b, 4, 1)), {
      rowSquaresDelta: [4],
      rowSquaresA: [4],
      columnSquaresDelta: [0, 0, 0, 4],
      cellSquaresDelta: [0, 0, 0, 4],
    });
  });

  it('has sums that agree with each other on random matrices', () => {
    const random = randomUint32s(7);
    for (const [rows, columns, perCell] of [
      [1, 1, 1],
      [5, 7, 3],
      [4, 8, 4],
      [3, 10, 20],
    ] as const) {
      const values = () => Float64Array.from({ length: rows * columns }, () => random() % 17);
      const sums = profileRows(values(), values(), columns, perCell);
      const total = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0);
      assert.equal(sums.cellSquaresDelta.length, rows * Math.ceil(columns / perCell));
      assert.deepEqual(
        [total(sums.columnSquaresDelta), total(sums.cellSquaresDelta)],
        [total(sums.rowSquaresDelta), total(sums.rowSquaresDelta)],
      );
    }
  });

  it('of no columns has no rows', () => {
    assert.deepEqual(plain(profileRows(new Float64Array(0), new Float64Array(0), 0, 1)), {
      rowSquaresDelta: [],
      rowSquaresA: [],
      columnSquaresDelta: [],
      cellSquaresDelta: [],
    });
  });
});
