import { formatPosition, gridPositions, type LineGrid } from '../connectivityRoom.js';
import type { CurveWay } from '../curveDraft.js';

/** A grid that the wizard proposes. */
export interface GridChoice {
  readonly grid: LineGrid;
  /** Name of a codicon. */
  readonly icon: string;
  /** What is special about it, as a clause; empty where its label says all. */
  readonly note: string;
}

export const evenGrid = (from: number, to: number, points: number): LineGrid => ({ from, to, points, refine: 0 });

const fromEndToEnd: GridChoice = { grid: evenGrid(0, 1, 11), icon: 'graph-line', note: '' };

const lineGrids: readonly GridChoice[] = [
  fromEndToEnd,
  { grid: { ...evenGrid(0, 1, 7), refine: 8 }, icon: 'wand', note: 'where the curve bends most or the barrier is' },
  { grid: evenGrid(-0.25, 1.25, 13), icon: 'arrow-both', note: 'beyond the models' },
];

const sweepGrids: readonly GridChoice[] = [
  { grid: evenGrid(-0.25, 1.5, 15), icon: 'graph-line', note: '' },
  { grid: { ...evenGrid(-0.25, 1.5, 8), refine: 8 }, icon: 'wand', note: 'around the best λ' },
  fromEndToEnd,
];

const planeGrids: readonly GridChoice[] = [7, 13].map((points) => ({
  grid: evenGrid(-0.25, 1.25, points),
  icon: 'symbol-array',
  note: '',
}));

/** What the wizard proposes for each way, the usual one first. Steps are such that 0 and 1 are among the points. */
export const gridsOf: Readonly<Record<CurveWay, readonly GridChoice[]>> = {
  interpolate: lineGrids,
  transferred: lineGrids,
  sweep: sweepGrids,
  plane: planeGrids,
};

/** `13 Points from −0.25 to 1.25`, and more about it. The number is that of the points that are scored, with 0 and 1. */
export function describeGrid({ grid, note }: GridChoice, way: CurveWay): { readonly label: string; readonly description: string } {
  const count = gridPositions(grid).length;
  const range = `from ${formatPosition(grid.from)} to ${formatPosition(grid.to)}`;
  if (way === 'plane') return { label: `${count} × ${count} Points ${range}`, description: `${count * count} models` };
  if (grid.refine === 0) return { label: `${count} Points ${range}`, description: note };
  return { label: `${count} Points and up to ${grid.refine} More`, description: `${range}, ${note}` };
}
