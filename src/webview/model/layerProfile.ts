import { formatNumber } from '../../base/format.js';
import { cellIndex, type CellPosition, type Heatmap, type HeatmapValues } from './heatmap.js';
import { fitScale, positionOn, type Scale, ticksOf } from './scale.js';

/** Pixels. */
export interface ProfileSize {
  readonly width: number;
  readonly height: number;
}

/** A kind of module through the layers, by its column of the heat map. */
export interface ProfileLine {
  readonly column: number;
  readonly label: string;
  /** SVG path; pieces end where a layer has no value. */
  readonly path: string;
  /** Single values between layers without one: the path would not show them. */
  readonly dots: readonly { readonly x: number; readonly y: number }[];
}

export interface ProfilePlot {
  readonly lines: readonly ProfileLine[];
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
  readonly layers: readonly { readonly x: number; readonly text: string }[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where a cell stands; null where it has no finite value. */
  readonly placeOf: (position: CellPosition) => { readonly x: number; readonly y: number } | null;
}

const margin = { left: 52, right: 10, top: 8, bottom: 18 };
const layerTickDistance = 46;

/** Columns that have a line: matrices alone where vectors have colours of their own. */
function shownColumns({ columns }: Heatmap, { scale, vectorScale }: HeatmapValues): number[] {
  const all = [...columns.keys()];
  return scale === vectorScale || scale === null ? all : all.filter((column) => columns[column]?.isVector === false);
}

function ticksEvery(count: number, room: number): number[] {
  const step = Math.max(1, Math.ceil((count * layerTickDistance) / Math.max(1, room)));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** Lines over the layers: x the layer, y the metric, on a logarithmic axis where its colours are. Null where there is nothing to draw. */
export function plotLayerProfile(heatmap: Heatmap, values: HeatmapValues, { width, height }: ProfileSize): ProfilePlot | null {
  const rows = heatmap.rows.length;
  const columns = shownColumns(heatmap, values);
  const valueAt = (position: CellPosition): number | null => values.cells[cellIndex(heatmap, position)] ?? null;
  const all = columns.flatMap((column) => Array.from({ length: rows }, (_, row) => valueAt({ row, column })));
  const scale = fitScale(all, values.scale?.kind === 'quantile' ? 'auto' : (values.scale?.kind ?? 'auto'));
  if (rows < 2 || scale === null || width < 120) return null;
  const { left, top } = margin;
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const xOf = (row: number): number => left + (row / (rows - 1)) * (right - left);
  const placeOf = (position: CellPosition): { x: number; y: number } | null => {
    const value = valueAt(position);
    if (value === null || !Number.isFinite(value) || !columns.includes(position.column)) return null;
    return { x: xOf(position.row), y: bottom - positionOn(scale, value) * (bottom - top) };
  };
  const lines = columns.map((column) => drawLine(column, heatmap.columns[column]?.label ?? '', rows, placeOf));
  const layers = ticksEvery(rows, right - left).map((row) => ({ x: xOf(row), text: shortLayer(heatmap.rows[row]?.label ?? '') }));
  return { lines, ticks: axisTicks(scale, bottom, top), layers, left, right, top, bottom, placeOf };
}

function shortLayer(label: string): string {
  return label.replace(/^layer /, '');
}

function axisTicks(scale: Scale, bottom: number, top: number): ProfilePlot['ticks'] {
  return ticksOf(scale).map((tick) => ({ y: bottom - positionOn(scale, tick) * (bottom - top), text: formatNumber(tick) }));
}

function drawLine(column: number, label: string, rows: number, placeOf: ProfilePlot['placeOf']): ProfileLine {
  let path = '';
  const dots: { x: number; y: number }[] = [];
  let isOpen = false;
  for (let row = 0; row < rows; row++) {
    const place = placeOf({ row, column });
    if (place !== null) {
      path += `${isOpen ? 'L' : 'M'}${place.x.toFixed(1)} ${place.y.toFixed(1)}`;
      const isAlone = !isOpen && (row === rows - 1 || placeOf({ row: row + 1, column }) === null);
      if (isAlone) dots.push(place);
    }
    isOpen = place !== null;
  }
  return { column, label, path, dots };
}

/** Farther than this from every line, the pointer means none. */
const reach = 40;

/** The cell whose place in the plot is nearest to a point; null where none is near. */
export function cellNear(heatmap: Heatmap, plot: ProfilePlot, x: number, y: number): CellPosition | null {
  const rows = heatmap.rows.length;
  const row = Math.max(0, Math.min(rows - 1, Math.round(((x - plot.left) / (plot.right - plot.left)) * (rows - 1))));
  let nearest: CellPosition | null = null;
  let least = reach;
  for (const { column } of plot.lines) {
    const place = plot.placeOf({ row, column });
    const distance = place === null ? Infinity : Math.abs(place.y - y);
    if (distance < least) [least, nearest] = [distance, { row, column }];
  }
  return nearest;
}
