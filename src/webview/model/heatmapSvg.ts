import { cellIndex, type Heatmap, type HeatmapValues, scaleOf } from './heatmap.js';
import { plotLayerProfile } from './layerProfile.js';
import { type Metric, metricFacts } from './metric.js';
import { colorAt, type Ramp } from './ramp.js';
import { positionOn, type Scale, ticksOf } from './scale.js';

/** What a picture that stands alone takes from the theme. */
export interface SvgColors {
  readonly ramp: Ramp;
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly fontFamily: string;
  /** Of the profile's lines, in order; used again where there are more lines. */
  readonly lines: readonly string[];
}

export interface HeatmapPicture {
  readonly title: string;
  readonly heatmap: Heatmap;
  readonly values: HeatmapValues;
  readonly metric: Metric;
  readonly colors: SvgColors;
}

const cell = { width: 34, height: 16 };
const padding = 16;
const profileHeight = 180;
/** Pixels of a character at 11 px, on the safe side. */
const characterWidth = 6.4;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function textAt(x: number, y: number, text: string, fill: string, extra = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${fill}" ${extra}>${escape(text)}</text>`;
}

function longest(labels: readonly { readonly label: string }[]): number {
  return labels.reduce((most, { label }) => Math.max(most, label.length), 0) * characterWidth;
}

function drawCells({ heatmap, values, colors }: HeatmapPicture, left: number, top: number): string {
  const drawn = heatmap.rows.map((_, row) =>
    heatmap.columns.map((column, index) => {
      const number = cellIndex(heatmap, { row, column: index });
      if (!heatmap.cells[number]) return '';
      const value = values.cells[number] ?? null;
      const scale = scaleOf(values, column);
      const box = `x="${left + index * cell.width}" y="${top + row * cell.height}" width="${cell.width - 1}" height="${cell.height - 1}"`;
      if (value === Infinity)
        return `<rect ${box} fill="none" stroke="${colors.text}"/>${textAt(left + (index + 0.5) * cell.width, top + row * cell.height + 12, '∞', colors.text, 'text-anchor="middle"')}`;
      if (value === null || value === 0 || scale === null)
        return `<rect ${box} fill="none" stroke="${colors.muted}" stroke-opacity="0.35"/>`;
      return `<rect ${box} fill="${colorAt(colors.ramp, positionOn(scale, value))}"/>`;
    }),
  );
  return drawn.flat().join('');
}

function drawLabels({ heatmap, colors }: HeatmapPicture, left: number, top: number): string {
  const rows = heatmap.rows.map(({ label }, row) =>
    textAt(left - 6, top + row * cell.height + 12, label, colors.muted, 'text-anchor="end"'),
  );
  const columns = heatmap.columns.map(({ label }, index) => {
    const [x, y] = [left + (index + 0.5) * cell.width, top - 6];
    return textAt(x, y, label, colors.muted, `transform="rotate(-45 ${x.toFixed(1)} ${y.toFixed(1)})"`);
  });
  return [...rows, ...columns].join('');
}

function drawLegend(scale: Scale, caption: string, { metric, colors }: HeatmapPicture, x: number, y: number): string {
  const [width, slices] = [220, 44];
  const bands = Array.from({ length: slices }, (_, index) => {
    const fill = colorAt(colors.ramp, index / (slices - 1));
    return `<rect x="${(x + (index * width) / slices).toFixed(1)}" y="${y}" width="${width / slices + 0.5}" height="10" fill="${fill}"/>`;
  });
  const ticks = ticksOf(scale).map((tick, index, all) => {
    const place = scale.kind === 'quantile' ? (all.length === 1 ? 1 : index / (all.length - 1)) : positionOn(scale, tick);
    const anchor = index === 0 ? 'start' : index === all.length - 1 ? 'end' : 'middle';
    return textAt(x + place * width, y + 23, metricFacts[metric].format(tick), colors.muted, `text-anchor="${anchor}"`);
  });
  return [...bands, ...ticks, textAt(x + width + 10, y + 9, caption, colors.muted)].join('');
}

function drawProfile({ heatmap, values, metric, colors }: HeatmapPicture, x: number, y: number, width: number): string {
  const plot = plotLayerProfile(heatmap, values, { width, height: profileHeight });
  if (plot === null) return '';
  const colorOf = (index: number): string => colors.lines[index % colors.lines.length] ?? colors.text;
  const grid = plot.ticks.map(
    (tick) =>
      `<line x1="${plot.left}" x2="${plot.right}" y1="${tick.y.toFixed(1)}" y2="${tick.y.toFixed(1)}" stroke="${colors.muted}" stroke-opacity="0.3"/>` +
      textAt(plot.left - 6, tick.y + 4, tick.text, colors.muted, 'text-anchor="end"'),
  );
  const layers = plot.layers.map((layer) => textAt(layer.x, plot.bottom + 14, layer.text, colors.muted, 'text-anchor="middle"'));
  const lines = plot.lines.map(({ path }, index) => `<path d="${path}" fill="none" stroke="${colorOf(index)}" stroke-width="1.5"/>`);
  const keys = plot.lines.map(({ label }, index) => textAt(plot.right + 12, plot.top + 10 + index * 14, label, colorOf(index)));
  const title = textAt(plot.left, -4, `${metricFacts[metric].label} by layer`, colors.text);
  return `<g transform="translate(${x} ${y})">${[title, ...grid, ...layers, ...lines, ...keys].join('')}</g>`;
}

/** Heat map, colour scales and layer profile as one SVG that needs nothing else. */
export function heatmapSvg(picture: HeatmapPicture): { readonly text: string; readonly width: number; readonly height: number } {
  const { title, heatmap, values, metric, colors } = picture;
  const left = padding + longest(heatmap.rows) + 10;
  const lean = longest(heatmap.columns) * Math.SQRT1_2;
  const vectorScale = values.vectorScale === values.scale ? null : values.vectorScale;
  const scales = [
    ...(values.scale ? [[values.scale, vectorScale ? 'matrices' : ''] as const] : []),
    ...(vectorScale ? [[vectorScale, 'norms'] as const] : []),
  ];
  const top = padding + 36 + scales.length * 32 + lean + 16;
  const mapWidth = heatmap.columns.length * cell.width;
  const mapBottom = top + heatmap.rows.length * cell.height;
  const profileWidth = Math.max(420, mapWidth);
  const width = Math.ceil(
    Math.max(
      left + mapWidth + lean,
      padding + profileWidth + longest(heatmap.columns) + 24,
      longest([{ label: title }]) * 1.3 + 2 * padding,
    ),
  );
  const height = Math.ceil(mapBottom + profileHeight + 60);
  const parts = [
    textAt(padding, padding + 12, title, colors.text, 'font-size="14" font-weight="600"'),
    textAt(padding, padding + 30, `${metricFacts[metric].label}: ${metricFacts[metric].meaning}`, colors.muted),
    ...scales.map(([scale, caption], index) => drawLegend(scale, caption, picture, padding, padding + 40 + index * 32)),
    drawCells(picture, left, top),
    drawLabels(picture, left, top),
    drawProfile(picture, padding, mapBottom + 40, profileWidth),
  ];
  const body = `<title>${escape(title)}</title><rect width="${width}" height="${height}" fill="${colors.background}"/>${parts.join('')}`;
  const font = `font-family="${escape(colors.fontFamily)}" font-size="11"`;
  return {
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>${body}</svg>`,
    width,
    height,
  };
}
