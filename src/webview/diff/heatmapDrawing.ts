import type { CellPosition, Heatmap, HeatmapValues } from '../model/heatmap.js';
import { cellAt, type HeatmapLayout, layOutHeatmap, scrollIntoView, type Viewport } from '../model/heatmapLayout.js';
import { themeColor, themeRamp } from '../shared/theme.js';
import { type HeatmapColors, paintHeatmap } from './heatmapPaint.js';

/** The elements of a heat map: the canvas stays in the viewport of `scroller`, `extent` makes it scroll. */
export interface HeatmapElements {
  readonly scroller: HTMLElement;
  readonly extent: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

function readColors(): HeatmapColors {
  return {
    ramp: themeRamp(),
    background: themeColor('--vscode-editor-background'),
    text: themeColor('--vscode-foreground'),
    muted: themeColor('--vscode-descriptionForeground'),
    focus: themeColor('--vscode-focusBorder'),
    font: `11px ${themeColor('--vscode-font-family', 'sans-serif')}`,
  };
}

/** A heat map on its canvas: size, scroll position, colours. Knows nothing of events. */
export class HeatmapDrawing {
  private colors = readColors();
  private readonly context: CanvasRenderingContext2D;

  private constructor(
    private readonly elements: HeatmapElements,
    private readonly heatmap: Heatmap,
    context: CanvasRenderingContext2D,
    readonly layout: HeatmapLayout,
    readonly viewport: Viewport,
  ) {
    this.context = context;
  }

  /** Fits the drawing to the room there is; null while there is none. */
  static fit(elements: HeatmapElements, heatmap: Heatmap): HeatmapDrawing | null {
    const { scroller, extent, canvas } = elements;
    const { scrollLeft, scrollTop, clientWidth: width, clientHeight: height } = scroller;
    const context = canvas.getContext('2d');
    if (!context || width === 0) return null;
    context.font = readColors().font;
    const widest = (entries: readonly { label: string }[]): number =>
      entries.reduce((most, { label }) => Math.max(most, context.measureText(label).width), 0);
    const labels = { widestRow: widest(heatmap.rows), widestColumn: widest(heatmap.columns) };
    const layout = layOutHeatmap(heatmap.rows.length, heatmap.columns.length, labels, width);
    extent.style.width = `${Math.max(layout.width, width)}px`;
    extent.style.height = `${Math.max(layout.height, height)}px`;
    return new HeatmapDrawing(elements, heatmap, context, layout, { scrollLeft, scrollTop, width, height }).sizeCanvas();
  }

  /** The same drawing at the present scroll position. */
  scrolled(): HeatmapDrawing {
    const { scrollLeft, scrollTop } = this.elements.scroller;
    return new HeatmapDrawing(this.elements, this.heatmap, this.context, this.layout, { ...this.viewport, scrollLeft, scrollTop });
  }

  private sizeCanvas(): this {
    const { canvas } = this.elements;
    const { width, height } = this.viewport;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    return this;
  }

  paint(values: HeatmapValues, pointed: CellPosition | null, chosen: CellPosition | null): void {
    this.context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const { heatmap, layout, viewport, colors } = this;
    paintHeatmap(this.context, { heatmap, values, layout, viewport, colors, pointed, chosen });
  }

  /** The cell under the pointer. */
  cellUnder({ clientX, clientY }: MouseEvent): CellPosition | null {
    const box = this.elements.scroller.getBoundingClientRect();
    const { rows, columns } = this.heatmap;
    return cellAt(this.layout, this.viewport, clientX - box.left, clientY - box.top, rows.length, columns.length);
  }

  /** Scrolls so that a cell is in view. */
  reveal({ row, column }: CellPosition): void {
    const { scroller } = this.elements;
    const { cellWidth, cellHeight, gutter, header } = this.layout;
    const { width, height, scrollLeft, scrollTop } = this.viewport;
    scroller.scrollLeft = scrollIntoView(column * cellWidth, cellWidth, scrollLeft, width - gutter);
    scroller.scrollTop = scrollIntoView(row * cellHeight, cellHeight, scrollTop, height - header);
  }
}
