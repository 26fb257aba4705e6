import { type LayerDiff, tensorStatuses, type TensorStatus } from '../../compare/report/index.js';
import type { TensorTable } from '../messages.js';
import { formatCompact, formatCosine, formatNumber, formatShare } from '../../base/format.js';
import type { ColumnLayout } from './columnLayout.js';

export const tensorColumnIds = [
  'layer',
  'name',
  'status',
  'relativeChange',
  'cosine',
  'histogram',
  'changedShare',
  'maxAbsDelta',
  'signFlips',
  'shape',
  'dtype',
  'match',
] as const;
export type TensorColumnId = (typeof tensorColumnIds)[number];

export const defaultColumns: ColumnLayout<TensorColumnId> = { order: tensorColumnIds, hidden: ['match'], widths: {} };

export interface TensorColumn {
  readonly label: string;
  readonly meaning: string;
  readonly numeric: boolean;
  /** Least width in pixels. */
  readonly width: number;
  /** Share of the free width it takes; 0 for none. */
  readonly grow: number;
  readonly text: (table: TensorTable, row: number, layers: readonly Pick<LayerDiff, 'label'>[]) => string;
}

export function statusOf(table: TensorTable, row: number): TensorStatus {
  return tensorStatuses[table.status[row] ?? 0] ?? 'unread';
}

/** `12` of `layer 12`; layers of several stacks keep their names, and what lies outside layers has none. */
function layerText(label: string): string {
  return label === 'outside layers' ? '' : label.replace(/^layer /, '');
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
  layer: {
    label: 'Layer',
    meaning: 'The layer a tensor belongs to',
    numeric: false,
    width: 58,
    grow: 0,
    text: (table, row, layers) => layerText(layers[table.layer[row] ?? -1]?.label ?? ''),
  },
  name: {
    label: 'Tensor',
    meaning: 'Name within its layer; the whole name, and that in B where it is another, on hover',
    numeric: false,
    width: 190,
    grow: 1,
    text: (table, row) => table.localNames[table.localName[row] ?? -1] ?? '',
  },
  status: {
    label: 'Status',
    meaning: 'What became of the tensor from A to B; empty where its values changed and nothing else',
    numeric: false,
    width: 72,
    grow: 0,
    text: (table, row) => statusOf(table, row),
  },
  dtype: {
    label: 'Type',
    meaning: 'Storage type, and its change',
    numeric: false,
    width: 56,
    grow: 0.15,
    text: (table, row) => table.dtypeLabels[table.dtype[row] ?? 0] ?? '',
  },
  match: {
    label: 'Matched By',
    meaning: 'Why the tensors of both sides are taken for the same',
    numeric: false,
    width: 160,
    grow: 0.5,
    text: (table, row) => table.matchLabels[table.match[row] ?? 0] ?? '',
  },
  shape: {
    label: 'Shape',
    meaning: 'Shape, and its change',
    numeric: true,
    width: 100,
    grow: 0.2,
    text: (table, row) => table.shapeLabels[table.shape[row] ?? 0] ?? '',
  },
  relativeChange: {
    label: '‖Δ‖/‖A‖',
    meaning: 'Relative change: the norm of the difference over the norm of A',
    numeric: true,
    width: 86,
    grow: 0,
    text: (table, row) => formatNumber(known(table.relativeChange[row])),
  },
  cosine: {
    label: 'Cosine',
    meaning: 'Cosine of the angle between A and B; 1 when the direction is the same',
    numeric: true,
    width: 88,
    grow: 0,
    text: (table, row) => formatCosine(known(table.cosine[row])),
  },
  histogram: {
    label: 'Δ',
    meaning: 'Histogram of |Δ|, small differences on the left, on one logarithmic axis for all tensors; sorts by ‖Δ‖',
    numeric: false,
    width: 84,
    grow: 0,
    text: () => '',
  },
  maxAbsDelta: {
    label: 'max |Δ|',
    meaning: 'The largest absolute difference of a single weight',
    numeric: true,
    width: 78,
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
    width: 56,
    grow: 0,
    text: (table, row) => formatCompact(known(table.signFlips[row])),
  },
};
