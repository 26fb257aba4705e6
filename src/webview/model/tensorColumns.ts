import { tensorStatuses, type TensorStatus } from '../../compare/report/index.js';
import type { TensorTable } from '../messages.js';
import { formatCosine, formatCount, formatNumber, formatShare } from '../../base/format.js';

export const tensorColumnIds = [
  'name',
  'status',
  'dtype',
  'shape',
  'relativeChange',
  'cosine',
  'maxAbsDelta',
  'changedShare',
  'signFlips',
] as const;
export type TensorColumnId = (typeof tensorColumnIds)[number];

export interface TensorColumn {
  readonly label: string;
  readonly meaning: string;
  readonly numeric: boolean;
  /** Least width in pixels. */
  readonly width: number;
  /** Share of the free width it takes; 0 for none. */
  readonly grow: number;
  readonly text: (table: TensorTable, row: number) => string;
}

export function statusOf(table: TensorTable, row: number): TensorStatus {
  return tensorStatuses[table.status[row] ?? 0] ?? 'unread';
}

/** In the table NaN means "no value". */
function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** changed / compared; NaN where nothing was compared. */
export function changedShare(table: TensorTable, row: number): number {
  return (table.changedCount[row] ?? NaN) / (table.comparedCount[row] ?? NaN);
}

export const tensorColumns: Readonly<Record<TensorColumnId, TensorColumn>> = {
  name: {
    label: 'Tensor',
    meaning: 'Name in A; where the prefix map joined two names, name in A → name in B',
    numeric: false,
    width: 210,
    grow: 1,
    text: (table, row) => table.names[row] ?? '',
  },
  status: {
    label: 'Status',
    meaning: 'What became of the tensor from A to B',
    numeric: false,
    width: 78,
    grow: 0,
    text: (table, row) => statusOf(table, row),
  },
  dtype: {
    label: 'Type',
    meaning: 'Storage type, and its change',
    numeric: false,
    width: 62,
    grow: 0.15,
    text: (table, row) => table.dtypeLabels[table.dtype[row] ?? 0] ?? '',
  },
  shape: {
    label: 'Shape',
    meaning: 'Shape, and its change',
    numeric: true,
    width: 104,
    grow: 0.3,
    text: (table, row) => table.shapeLabels[table.shape[row] ?? 0] ?? '',
  },
  relativeChange: {
    label: '‖Δ‖/‖A‖',
    meaning: 'Relative change: the norm of the difference over the norm of A',
    numeric: true,
    width: 74,
    grow: 0,
    text: (table, row) => formatNumber(known(table.relativeChange[row])),
  },
  cosine: {
    label: 'Cosine',
    meaning: 'Cosine of the angle between A and B; 1 when the direction is the same',
    numeric: true,
    width: 84,
    grow: 0,
    text: (table, row) => formatCosine(known(table.cosine[row])),
  },
  maxAbsDelta: {
    label: 'max |Δ|',
    meaning: 'The largest absolute difference of a single weight',
    numeric: true,
    width: 70,
    grow: 0,
    text: (table, row) => formatNumber(known(table.maxAbsDelta[row])),
  },
  changedShare: {
    label: 'Changed',
    meaning: 'Share of weights whose value differs',
    numeric: true,
    width: 66,
    grow: 0,
    text: (table, row) => formatShare(known(changedShare(table, row))),
  },
  signFlips: {
    label: 'Flips',
    meaning: 'Weights that are positive on one side and negative on the other',
    numeric: true,
    width: 70,
    grow: 0,
    text: (table, row) => formatCount(known(table.signFlips[row])),
  },
};
