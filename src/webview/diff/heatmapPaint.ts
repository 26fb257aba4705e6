import { type CellPosition, cellIndex, type Heatmap, type HeatmapValues, scaleOf } from '../model/heatmap.js';
import { cellOrigin, type HeatmapLayout, type Viewport, visibleCells } from '../model/heatmapLayout.js';
import { colorAt, type Ramp } from '../model/ramp.js';
import { positionOn } from '../model/scale.js';

export interface HeatmapColors {
  readonly ramp: Ramp;
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly focus: string;
  readonly font: string;
}

export interface HeatmapScene {
  readonly heatmap: Heatmap;
  readonly values: HeatmapValues;
  readonly layout: HeatmapLayout;
  readonly viewport: Viewport;
  readonly colors: HeatmapColors;
  /** The cell under the pointer or with the keyboard focus. */
  readonly pointed: CellPosition | null;
  /** The cell the table is filtered by. */
  readonly chosen: CellPosition | null;
}

type Context = CanvasRenderingContext2D;

const gap = 1;
const slant = -Math.PI / 4;

function strokeBox(context: Context, x: number, y: number, width: number, height: number): void {
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** A cell whose tensors could not be compared: a stroke through an empty box. */
function paintUncompared(context: Context, x: number, y: number, width: number, height: number): void {
  context.beginPath();
  context.moveTo(x + width / 2 - 4, y + height / 2 + 4);
  context.lineTo(x + width / 2 + 4, y + height / 2 - 4);
  context.stroke();
}

/** Infinity has no place on the scale: a mark of its own, unlike the empty box of 0 and unlike any colour. */
function paintUnbounded(context: Context, { text }: HeatmapColors, x: number, y: number, width: number, height: number): void {
  context.strokeStyle = text;
  strokeBox(context, x, y, width, height);
  context.fillStyle = text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText('∞', x + width / 2, y + height / 2);
}

function paintCell(context: Context, scene: HeatmapScene, position: CellPosition): void {
  const { heatmap, values, layout, viewport, colors } = scene;
  const index = cellIndex(heatmap, position);
  if (!heatmap.cells[index]) return;
  const value = values.cells[index] ?? null;
  const { x, y } = cellOrigin(layout, viewport, position);
  const [width, height] = [layout.cellWidth - gap, layout.cellHeight - gap];
  const column = heatmap.columns[position.column];
  const scale = column ? scaleOf(values, column) : null;
  if (value === Infinity) {
    paintUnbounded(context, colors, x, y, width, height);
    return;
  }
  if (value === null || value === 0 || !scale) {
    context.strokeStyle = colors.muted;
    context.globalAlpha = 0.35;
    strokeBox(context, x, y, width, height);
    context.globalAlpha = 0.8;
    if (value === null) paintUncompared(context, x, y, width, height);
    context.globalAlpha = 1;
    return;
  }
  context.fillStyle = colorAt(colors.ramp, positionOn(scale, value));
  context.fillRect(x, y, width, height);
}

function clipped(context: Context, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > room) end--;
  return `${text.slice(0, end)}…`;
}

function paintRowLabels(context: Context, { heatmap, layout, viewport, colors, pointed }: HeatmapScene, first: number, end: number): void {
  context.fillStyle = colors.background;
  context.fillRect(0, 0, layout.gutter, viewport.height);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let row = first; row < end; row++) {
    context.fillStyle = row === pointed?.row ? colors.text : colors.muted;
    const { y } = cellOrigin(layout, viewport, { row, column: 0 });
    context.fillText(clipped(context, heatmap.rows[row]?.label ?? '', layout.gutter - 8), layout.gutter - 6, y + layout.cellHeight / 2);
  }
}

function paintColumnLabels(
  context: Context,
  { heatmap, layout, viewport, colors, pointed }: HeatmapScene,
  first: number,
  end: number,
): void {
  context.fillStyle = colors.background;
  context.fillRect(0, 0, viewport.width, layout.header);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const room = (layout.header - 12) / -Math.sin(slant);
  for (let column = first; column < end; column++) {
    const { x } = cellOrigin(layout, viewport, { row: 0, column });
    if (x + layout.cellWidth / 2 < layout.gutter) continue;
    context.save();
    context.translate(x + layout.cellWidth / 2, layout.header - 5);
    context.rotate(slant);
    context.fillStyle = column === pointed?.column ? colors.text : colors.muted;
    context.fillText(clipped(context, heatmap.columns[column]?.label ?? '', room), 0, 0);
    context.restore();
  }
}

function paintFrame(context: Context, { layout, viewport }: HeatmapScene, position: CellPosition, color: string, lineWidth: number): void {
  const { x, y } = cellOrigin(layout, viewport, position);
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  context.strokeRect(x - 0.5, y - 0.5, layout.cellWidth, layout.cellHeight);
  context.lineWidth = 1;
}

function paintCells(
  context: Context,
  scene: HeatmapScene,
  rows: { first: number; end: number },
  columns: { first: number; end: number },
): void {
  for (let row = rows.first; row < rows.end; row++) {
    for (let column = columns.first; column < columns.end; column++) paintCell(context, scene, { row, column });
  }
  if (scene.chosen) paintFrame(context, scene, scene.chosen, scene.colors.text, 2);
  if (scene.pointed) paintFrame(context, scene, scene.pointed, scene.colors.focus, 2);
}

/** Draws what the viewport shows of a heat map. Row and column labels stay in view and cover cells scrolled under them. */
export function paintHeatmap(context: Context, scene: HeatmapScene): void {
  const { heatmap, layout, viewport, colors } = scene;
  const { rows, columns } = visibleCells(layout, viewport, heatmap.rows.length, heatmap.columns.length);
  context.clearRect(0, 0, viewport.width, viewport.height);
  context.font = colors.font;
  paintCells(context, scene, rows, columns);
  paintRowLabels(context, scene, rows.first, rows.end);
  paintColumnLabels(context, scene, columns.first, columns.end);
}
