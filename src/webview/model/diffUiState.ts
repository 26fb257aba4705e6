import { tensorStatuses } from '../../compare/report/index.js';
import { type Colouring, defaultColouring, vectorChoices } from './heatmap.js';
import { isMetric, type Metric } from './metric.js';
import { scaleChoices } from './scale.js';
import { type ColumnLayout, restoreColumnLayout } from './columnLayout.js';
import { defaultColumns, type TensorColumnId, tensorColumnIds } from './tensorColumns.js';
import type { SortOrder, TensorFilter } from './tensorOrder.js';

export const notes = ['findings', 'structure', 'companions', 'prefixMap'] as const;
export type Note = (typeof notes)[number];

/** Parts of the result, of which a narrow panel shows one. */
export const panes = ['map', 'table', 'detail'] as const;
export type Pane = (typeof panes)[number];

/** Everything a person set in the diff panel; kept by VS Code while the panel is hidden and after a reload. */
export interface DiffUiState {
  /** `createdAt` of the report that rows and cells refer to. */
  readonly report: string;
  readonly metric: Metric;
  readonly colouring: Colouring;
  readonly heatmapAsTable: boolean;
  readonly filter: TensorFilter;
  readonly sort: SortOrder;
  readonly columns: ColumnLayout<TensorColumnId>;
  /** Row of the table whose details are open. */
  readonly selected: number | null;
  /** Row whose rows and picture were asked for. */
  readonly detailed: number | null;
  readonly scrollTop: number;
  readonly pane: Pane;
  readonly note: Note | null;
  /** Shares of the panel that the heat map and the details take. */
  readonly heatmapShare: number;
  readonly detailShare: number;
}

export function initialDiffUiState(report: string): DiffUiState {
  return {
    report,
    metric: 'relativeChange',
    colouring: defaultColouring,
    heatmapAsTable: false,
    filter: { text: '', statuses: [], cell: null },
    sort: { column: 'relativeChange', descending: true },
    columns: defaultColumns,
    selected: null,
    detailed: null,
    scrollTop: 0,
    pane: 'map',
    note: null,
    heatmapShare: 0.35,
    detailShare: 0.48,
  };
}

type Loose = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null;
}

const oneOf = <Value>(values: readonly Value[], value: unknown): Value | null => values.find((known) => known === value) ?? null;
const share = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && value >= 0.1 && value <= 0.85 ? value : otherwise;
const count = (value: unknown): number | null => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null);

function restoreFilter(saved: unknown, sameReport: boolean): TensorFilter {
  if (!isObject(saved)) return { text: '', statuses: [], cell: null };
  const cell =
    sameReport && isObject(saved['cell']) ? { layer: count(saved['cell']['layer']), module: count(saved['cell']['module']) } : null;
  const statuses = Array.isArray(saved['statuses']) ? saved['statuses'] : [];
  return {
    text: typeof saved['text'] === 'string' ? saved['text'] : '',
    statuses: tensorStatuses.filter((status) => statuses.includes(status)),
    cell,
  };
}

function restoreColouring(saved: unknown): Colouring {
  if (!isObject(saved)) return defaultColouring;
  const { scale, vectors } = defaultColouring;
  return { scale: oneOf(scaleChoices, saved['scale']) ?? scale, vectors: oneOf(vectorChoices, saved['vectors']) ?? vectors };
}

function restoreSort(saved: unknown, otherwise: SortOrder): SortOrder {
  const column = isObject(saved) ? oneOf(tensorColumnIds, saved['column']) : null;
  return column && isObject(saved) ? { column, descending: saved['descending'] === true } : otherwise;
}

/** The saved state as far as it makes sense; what refers to rows of another report is dropped. */
export function restoreDiffUiState(saved: unknown, report: string): DiffUiState {
  const fresh = initialDiffUiState(report);
  if (!isObject(saved)) return fresh;
  const sameReport = saved['report'] === report;
  return {
    report,
    metric: isMetric(saved['metric']) ? saved['metric'] : fresh.metric,
    colouring: restoreColouring(saved['colouring']),
    heatmapAsTable: saved['heatmapAsTable'] === true,
    filter: restoreFilter(saved['filter'], sameReport),
    sort: restoreSort(saved['sort'], fresh.sort),
    columns: restoreColumnLayout(saved['columns'], fresh.columns),
    selected: sameReport ? count(saved['selected']) : null,
    detailed: sameReport ? count(saved['detailed']) : null,
    scrollTop: sameReport ? (count(saved['scrollTop']) ?? 0) : 0,
    pane: oneOf(panes, saved['pane']) ?? fresh.pane,
    note: oneOf(notes, saved['note']),
    heatmapShare: share(saved['heatmapShare'], fresh.heatmapShare),
    detailShare: share(saved['detailShare'], fresh.detailShare),
  };
}
