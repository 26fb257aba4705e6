/** Lines of equal height over a grid, by marching squares with linear interpolation. */

/** A piece of an iso-line, in units of the grid: column and row, from 0. */
export interface Segment {
  readonly from: readonly [column: number, row: number];
  readonly to: readonly [column: number, row: number];
}

export interface HeightGrid {
  /** Row-major. */
  readonly values: readonly number[];
  readonly columns: number;
  readonly rows: number;
}

type Corner = readonly [column: number, row: number, value: number];

/** Where the level crosses the edge between two corners; null where it does not. */
function crossing([column, row, value]: Corner, [nextColumn, nextRow, nextValue]: Corner, level: number): readonly [number, number] | null {
  if (value >= level === nextValue >= level) return null;
  const share = (level - value) / (nextValue - value);
  return [column + share * (nextColumn - column), row + share * (nextRow - row)];
}

function cornersOf({ values, columns }: HeightGrid, column: number, row: number): Corner[] {
  const places = [
    [column, row],
    [column + 1, row],
    [column + 1, row + 1],
    [column, row + 1],
  ] as const;
  return places.map(([x, y]) => [x, y, values[y * columns + x] ?? NaN]);
}

/** Crossings of a square's edges in turn about it. Four of them are a saddle, whose middle says which two belong together. */
function segmentsOf(corners: readonly Corner[], level: number): Segment[] {
  if (corners.some(([, , value]) => !Number.isFinite(value))) return [];
  const around = corners.map((corner, index) => crossing(corner, corners[(index + 1) % 4] ?? corner, level));
  const found = around.filter((place) => place !== null);
  const [a, b, c, d] = found;
  if (!a || !b) return [];
  if (!c || !d) return [{ from: a, to: b }];
  const middle = corners.reduce((sum, [, , value]) => sum + value, 0) / 4;
  const firstIsCut = (corners[0]?.[2] ?? 0) >= level !== middle >= level;
  return firstIsCut
    ? [
        { from: d, to: a },
        { from: b, to: c },
      ]
    : [
        { from: a, to: b },
        { from: c, to: d },
      ];
}

/** The line of one level; squares with a corner that is not finite have no part in it. */
export function isoLine(grid: HeightGrid, level: number): Segment[] {
  const squares = Array.from({ length: Math.max(0, grid.rows - 1) }, (_, row) =>
    Array.from({ length: Math.max(0, grid.columns - 1) }, (__, column) => segmentsOf(cornersOf(grid, column, row), level)),
  );
  return squares.flat(2);
}

/** Levels evenly spaced between the ends, neither of which is one. */
export function levelsBetween(minimum: number, maximum: number, count: number): number[] {
  if (!(maximum > minimum)) return [];
  return Array.from({ length: count }, (_, index) => minimum + ((index + 1) / (count + 1)) * (maximum - minimum));
}
