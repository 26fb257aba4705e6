import type { LayerDiff, ModuleDiff } from '../../compare/report/index.js';
import type { DiffView, TensorTable } from '../messages.js';
import { formatCount } from '../../base/format.js';
import { type Metric, metricFacts, metrics, metricValue } from './metric.js';
import { inModelOrder } from './moduleOrder.js';
import { fitScale, type Scale, type ScaleChoice } from './scale.js';
import type { CellFilter } from './tensorOrder.js';

/** A row or column: its number in the tensor table's `layer` or `module` column, and its label. */
export interface HeatmapAxisEntry {
  readonly index: number;
  readonly label: string;
}

export interface HeatmapColumn extends HeatmapAxisEntry {
  /** All its tensors have one dimension: norms, biases. They change otherwise than matrices do. */
  readonly isVector: boolean;
}

export interface OutsideCell {
  readonly filter: CellFilter;
  readonly group: ModuleDiff;
  readonly isVector: boolean;
}

/** What becomes of vectors beside matrices: colours of their own, the same, or nothing. */
export const vectorChoices = ['apart', 'together', 'omit'] as const;
export type VectorChoice = (typeof vectorChoices)[number];

/** How a heat map is coloured. */
export interface Colouring {
  readonly scale: ScaleChoice;
  readonly vectors: VectorChoice;
}

export const defaultColouring: Colouring = { scale: 'auto', vectors: 'apart' };

/** Layers × modules, and beside them the modules outside all layers. */
export interface Heatmap {
  readonly rows: readonly HeatmapAxisEntry[];
  readonly columns: readonly HeatmapColumn[];
  /** Row-major; null where a layer has no such module. */
  readonly cells: readonly (ModuleDiff | null)[];
  readonly outside: readonly OutsideCell[];
}

/** A heat map seen through one metric. Values are in the order of `cells` and of `outside`; null has no place on the scale. */
export interface HeatmapValues {
  readonly cells: readonly (number | null)[];
  readonly outside: readonly (number | null)[];
  /** Of matrices, or of all; null when no value is above zero. */
  readonly scale: Scale | null;
  /** Of vectors; the same as `scale` where both have one. */
  readonly vectorScale: Scale | null;
}

export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

function columnLabels(layers: readonly LayerDiff[]): string[] {
  return inModelOrder([...new Set(layers.flatMap(({ modules }) => modules.map(({ module }) => module)))]);
}

/** For each number of a module, whether some tensor of it has more than one dimension. */
function matrixModules({ module, moduleNames, shape, shapeLabels, length }: TensorTable): Uint8Array {
  const isMatrix = new Uint8Array(moduleNames.length);
  const isMatrixShape = shapeLabels.map((label) => label.includes('×'));
  for (let row = 0; row < length; row++) if (isMatrixShape[shape[row] ?? 0]) isMatrix[module[row] ?? 0] = 1;
  return isMatrix;
}

function cellsOf(layer: LayerDiff, labels: readonly string[]): (ModuleDiff | null)[] {
  const byModule = new Map(layer.modules.map((group) => [group.module, group]));
  return labels.map((label) => byModule.get(label) ?? null);
}

/** The heat map of a view: a row for each layer, a column for each module kind that some layer has, in the order of a forward pass. */
export function makeHeatmap({ layers, table }: Pick<DiffView, 'layers' | 'table'>, vectors: VectorChoice = 'apart'): Heatmap {
  const moduleNumbers = new Map(table.moduleNames.map((name, index) => [name, index]));
  const isMatrix = matrixModules(table);
  const isVector = (module: string): boolean => isMatrix[moduleNumbers.get(module) ?? -1] !== 1;
  const isShown = (module: string): boolean => vectors !== 'omit' || !isVector(module);
  const entries = layers.map((layer, index) => ({ layer, index }));
  const inside = entries.filter(({ layer }) => layer.key !== '');
  const labels = columnLabels(inside.map(({ layer }) => layer)).filter(isShown);
  const outside = entries.filter(({ layer }) => layer.key === '');
  return {
    rows: inside.map(({ layer, index }) => ({ index, label: layer.label })),
    columns: labels.map((label) => ({ index: moduleNumbers.get(label) ?? -1, label, isVector: isVector(label) })),
    cells: inside.flatMap(({ layer }) => cellsOf(layer, labels)),
    outside: outside
      .flatMap(({ layer, index }) => outsideCells(layer, index, moduleNumbers, isVector))
      .filter(({ group }) => isShown(group.module)),
  };
}

function outsideCells(
  { modules }: LayerDiff,
  layer: number,
  numbers: ReadonlyMap<string, number>,
  isVector: (module: string) => boolean,
): OutsideCell[] {
  const order = inModelOrder(modules.map(({ module }) => module));
  const sorted = modules.toSorted((a, b) => order.indexOf(a.module) - order.indexOf(b.module));
  return sorted.map((group) => ({
    group,
    filter: { layer, module: numbers.get(group.module) ?? -1 },
    isVector: isVector(group.module),
  }));
}

/** The values of one metric, on one scale for all cells or on two: matrices and vectors. */
export function heatmapValues(heatmap: Heatmap, metric: Metric, { scale: choice, vectors }: Colouring = defaultColouring): HeatmapValues {
  const cells = heatmap.cells.map((group) => group && metricValue(metric, group));
  const outside = heatmap.outside.map(({ group }) => metricValue(metric, group));
  const isVectorCell = (index: number): boolean => heatmap.columns[index % heatmap.columns.length]?.isVector === true;
  const fit = (ofVectors: boolean): Scale | null =>
    fitScale(
      [
        ...cells.filter((_, index) => isVectorCell(index) === ofVectors),
        ...outside.filter((_, index) => heatmap.outside[index]?.isVector === ofVectors),
      ],
      choice,
    );
  if (vectors === 'apart') return { cells, outside, scale: fit(false), vectorScale: fit(true) };
  const scale = fitScale([...cells, ...outside], choice);
  return { cells, outside, scale, vectorScale: scale };
}

/** The scale that a column's or an outside cell's values stand on. */
export function scaleOf({ scale, vectorScale }: HeatmapValues, { isVector }: { readonly isVector: boolean }): Scale | null {
  return isVector ? vectorScale : scale;
}

/** Whether some value has no end, and so no place on a scale. */
export function hasUnbounded({ cells, outside }: HeatmapValues): boolean {
  return [cells, outside].some((values) => values.includes(Infinity));
}

export function cellIndex(heatmap: Heatmap, { row, column }: CellPosition): number {
  return row * heatmap.columns.length + column;
}

/** What the tensor table is filtered by when a cell is chosen. */
export function filterOfCell(heatmap: Heatmap, { row, column }: CellPosition): CellFilter {
  return { layer: heatmap.rows[row]?.index ?? null, module: heatmap.columns[column]?.index ?? null };
}

/** `relative change 3.21e-3`, or why there is none. */
export function metricText(group: ModuleDiff | null, metric: Metric): string {
  if (group === null) return 'no such module';
  const value = metricFacts[metric].valueOf(group);
  if (value === null) return 'no values compared';
  return `${metricFacts[metric].label.toLowerCase()} ${metricFacts[metric].format(value)}`;
}

/** One sentence for screen readers. */
export function describeCell(heatmap: Heatmap, metric: Metric, position: CellPosition): string {
  const row = heatmap.rows[position.row]?.label ?? '';
  const column = heatmap.columns[position.column]?.label ?? '';
  return `${row}, ${column}: ${metricText(heatmap.cells[cellIndex(heatmap, position)] ?? null, metric)}`;
}

/** Everything known of a group, as label and value, for the tooltip. */
export function groupFacts(group: ModuleDiff): (readonly [label: string, value: string])[] {
  const values = metrics.map((metric) => {
    const { label, format, valueOf } = metricFacts[metric];
    return [label, format(valueOf(group))] as const;
  });
  const statuses = Object.entries(group.statuses).filter(([, count]) => count > 0);
  return [...values, ['Tensors', statuses.map(([status, count]) => `${formatCount(count)} ${status}`).join(', ')]];
}

/** Where an arrow key, Home or End moves the focus cell; null for other keys. */
export function cellAfterKey(key: string, { row, column }: CellPosition, rows: number, columns: number): CellPosition | null {
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column };
    case 'ArrowDown':
      return { row: Math.min(rows - 1, row + 1), column };
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(columns - 1, column + 1) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: columns - 1 };
    case 'PageUp':
      return { row: 0, column };
    case 'PageDown':
      return { row: rows - 1, column };
    default:
      return null;
  }
}
