import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LargestRows } from '../../../src/compute/index.js';
import { profileRows } from '../../../src/compute/profile.js';
import type { ProfileGrid } from '../../../src/compute/task.js';
import { randomUint32s } from './support/random.js';

function plain(sums: ReturnType<typeof profileRows>): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(sums).map(([field, values]) => [field, Array.from(values as Float64Array)]));
}

function grid(columnCount: number, columnsPerCell: number, more: Partial<ProfileGrid> = {}): ProfileGrid {
  return { columnCount, columnsPerCell, rowsPerCell: 1, rowsPerEntry: 1, maxRows: 100, ...more };
}

describe('profile of rows', () => {
  it('sums squares of Δ by row, column and cell, the last cell of a row being narrower', () => {
    const a = Float64Array.of(1, 2, 3, 0, 0, 0);
    const b = Float64Array.of(2, 4, 6, 0, -1, 5);
    assert.deepEqual(plain(profileRows(a, b, 0, grid(3, 2))), {
      entrySquaresDelta: [14, 26],
      columnSquaresDelta: [1, 5, 34],
      cellSquaresDelta: [5, 9, 1, 25],
      largestRows: [
        { row: 1, squaresDelta: 26, squaresA: 0 },
        { row: 0, squaresDelta: 14, squaresA: 14 },
      ],
    });
  });

  it('adds rows up by entries and cells of the whole matrix, wherever the first row lies in them', () => {
    const a = new Float64Array(5);
    const b = Float64Array.of(1, 2, 3, 0, 4);
    const sums = profileRows(a, b, 5, grid(1, 1, { rowsPerEntry: 2, rowsPerCell: 4, maxRows: 2 }));
    assert.deepEqual(plain(sums), {
      entrySquaresDelta: [1, 13, 16],
      columnSquaresDelta: [30],
      cellSquaresDelta: [14, 16],
      largestRows: [
        { row: 9, squaresDelta: 16, squaresA: 0 },
        { row: 7, squaresDelta: 9, squaresA: 0 },
      ],
    });
  });

  it('counts positions where a value is not finite as unchanged, and leaves them out of ‖A‖', () => {
    const a = Float64Array.of(NaN, Infinity, 1, 2);
    const b = Float64Array.of(1, Infinity, -Infinity, 4);
    assert.deepEqual(plain(profileRows(a, b, 0, grid(4, 1))), {
      entrySquaresDelta: [4],
      columnSquaresDelta: [0, 0, 0, 4],
      cellSquaresDelta: [0, 0, 0, 4],
      largestRows: [{ row: 0, squaresDelta: 4, squaresA: 4 }],
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
      const sums = profileRows(values(), values(), 0, grid(columns, perCell));
      const total = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0);
      assert.equal(sums.cellSquaresDelta.length, rows * Math.ceil(columns / perCell));
      assert.deepEqual(
        [total(sums.columnSquaresDelta), total(sums.cellSquaresDelta)],
        [total(sums.entrySquaresDelta), total(sums.entrySquaresDelta)],
      );
    }
  });

  it('of no columns has no rows', () => {
    assert.deepEqual(plain(profileRows(new Float64Array(0), new Float64Array(0), 0, grid(0, 1))), {
      entrySquaresDelta: [],
      columnSquaresDelta: [],
      cellSquaresDelta: [],
      largestRows: [],
    });
  });
});

describe('largest rows', () => {
  it('are those that sorting all rows finds, the first ones of equals', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (squares, limit) => {
        const largest = new LargestRows(limit);
        for (const [row, square] of squares.entries()) largest.add(row, square, -square);
        const sorted = squares
          .map((square, row) => ({ row, squaresDelta: square, squaresA: -square }))
          .filter(({ squaresDelta }) => squaresDelta > 0);
        sorted.sort((x, y) => y.squaresDelta - x.squaresDelta || x.row - y.row);
        assert.deepEqual(largest.inOrder(), sorted.slice(0, limit));
      }),
    );
  });

  it('of parts, put together in order, are those of the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(9), { maxLength: 40 }), { maxLength: 8 }), fc.integer({ min: 1, max: 12 }), (parts, limit) => {
        const [whole, joined] = [new LargestRows(limit), new LargestRows(limit)];
        let row = 0;
        for (const part of parts) {
          const own = new LargestRows(limit);
          for (const square of part) {
            whole.add(row, square, 1);
            own.add(row++, square, 1);
          }
          for (const entry of own.inOrder()) joined.add(entry.row, entry.squaresDelta, entry.squaresA);
        }
        assert.deepEqual(joined.inOrder(), whole.inOrder());
      }),
    );
  });
});
