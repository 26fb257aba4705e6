import type { TensorStatus } from '../../compare/report/index.js';
import { tensorStatuses } from '../../compare/report/index.js';
import type { TensorTable } from '../messages.js';
import { changedShare, type TensorColumnId } from './tensorColumns.js';
import { wordFilter } from './words.js';
import { naturalRanks } from '../../base/naturalOrder.js';

export interface SortOrder {
  readonly column: TensorColumnId;
  readonly descending: boolean;
}

/** A cell of the heat map: null stands for "any". Numbers as in the `layer` and `module` columns. */
export interface CellFilter {
  readonly layer: number | null;
  readonly module: number | null;
}

export interface TensorFilter {
  /** Words that must all occur in the name, in any case. */
  readonly text: string;
  /** Statuses to show; all when empty. */
  readonly statuses: readonly TensorStatus[];
  readonly cell: CellFilter | null;
}

/** What a column sorts by. NaN stands for "no value". */
function sortKeys(table: TensorTable, column: TensorColumnId): ArrayLike<number> {
  switch (column) {
    case 'layer':
      return table.layer;
    case 'name':
      return labelRanks(table.localName, table.localNames);
    case 'status':
      return table.status;
    case 'dtype':
      return labelRanks(table.dtype, table.dtypeLabels);
    case 'match':
      return labelRanks(table.match, table.matchLabels);
    case 'shape':
      return table.elementCount;
    case 'relativeChange':
      return table.relativeChange;
    case 'cosine':
      return table.cosine;
    case 'histogram':
      return table.normDelta;
    case 'maxAbsDelta':
      return table.maxAbsDelta;
    case 'changedShare':
      return Float64Array.from({ length: table.length }, (_, row) => changedShare(table, row));
    case 'signFlips':
      return table.signFlips;
  }
}

function labelRanks(indices: Uint32Array, labels: readonly string[]): Uint32Array {
  const ranks = naturalRanks(labels);
  return indices.map((index) => ranks[index] ?? 0);
}

/** The rows that pass the filter, in the order of the table. */
export function filterRows(table: TensorTable, filter: TensorFilter): Uint32Array {
  const passes = wordFilter(filter.text);
  const shown = tensorStatuses.map((status) => filter.statuses.length === 0 || filter.statuses.includes(status));
  const layer = filter.cell?.layer ?? null;
  const module = filter.cell?.module ?? null;
  const rows = new Uint32Array(table.length);
  let count = 0;
  for (let row = 0; row < table.length; row++) {
    if (!shown[table.status[row] ?? 0]) continue;
    if (layer !== null && table.layer[row] !== layer) continue;
    if (module !== null && table.module[row] !== module) continue;
    if (!passes || passes(table.names[row] ?? '')) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** The rows, sorted. Rows without a value come last either way; equal rows keep the order of the table. */
export function sortRows(table: TensorTable, rows: Uint32Array, { column, descending }: SortOrder): Uint32Array {
  const keys = sortKeys(table, column);
  const direction = descending ? -1 : 1;
  return rows.slice().sort((one, other) => {
    const x = keys[one] ?? NaN;
    const y = keys[other] ?? NaN;
    if (x < y) return -direction;
    if (x > y) return direction;
    if (x === y) return one - other;
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || one - other;
  });
}

/** How many tensors have each status. */
export function countStatuses(table: TensorTable): Readonly<Record<TensorStatus, number>> {
  const counts = new Array<number>(tensorStatuses.length).fill(0);
  for (const status of table.status) counts[status] = (counts[status] ?? 0) + 1;
  return Object.fromEntries(tensorStatuses.map((status, index) => [status, counts[index] ?? 0])) as Record<TensorStatus, number>;
}

/** The row with the largest |Δ|; null when nothing was compared. */
export function rowOfLargestDelta(table: TensorTable): number | null {
  let best: number | null = null;
  for (let row = 0; row < table.length; row++) {
    if ((table.maxAbsDelta[row] ?? NaN) > (best === null ? 0 : (table.maxAbsDelta[best] ?? 0))) best = row;
  }
  return best;
}
