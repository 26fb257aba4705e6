import { svg, type TemplateResult } from 'lit';
import { maxOf } from '../base/extremes.js';
import type { LineRun, MatrixRun } from '../connectivity/report/index.js';
import { cellFigureStyles, matrixStyles } from '../webview/chart/cellStyles.js';
import { chartStyles } from '../webview/chart/chartStyles.js';
import { drawLines, layOutLines } from '../webview/chart/lineDrawing.js';
import { drawMatrix, layOutMatrix, matrixSize } from '../webview/chart/matrixDrawing.js';
import { runStyles } from '../webview/chart/runMarks.js';
import { makeMatrix } from '../webview/model/connectivity/matrixModel.js';
import { measuresOf } from '../webview/model/connectivity/measure.js';
import { seriesOf } from '../webview/model/connectivity/series.js';
import { fontFamily, printColor, printDiverging, printStyles } from './printTheme.js';
import { escapeXml, svgText } from './svgText.js';

/** Of one task. */
interface Figure {
  readonly heading: string;
  readonly drawn: TemplateResult;
  readonly width: number;
  readonly height: number;
}

const room = { width: 720, height: 400 };
/** Of a matrix: what stands around its rows, and a row. */
const [matrixHeight, rowHeight] = [98, 36];
/** Pixels: what stands above the first figure, and above each. */
const [padding, titleHeight, headingHeight] = [14, 24, 20];

/** A curve, a sweep or a matrix as the connectivity panel draws it, one figure below the other for each task, as SVG. */
export function runPicture(run: LineRun | MatrixRun): string {
  const figures = run.tasks.map((_, task) => (run.kind === 'line' ? lineFigure(run, task) : matrixFigure(run, task)));
  const width = Math.max(room.width, maxOf(figures.map((figure) => figure.width)));
  let height = padding + titleHeight;
  const groups = figures.map((figure) => {
    const top = height;
    height += headingHeight + figure.height;
    const heading = `<text class="heading" x="${padding}" y="${top + 12}">${escapeXml(figure.heading)}</text>`;
    return `${heading}<g transform="translate(0 ${top + headingHeight})">${svgText(figure.drawn)}</g>`;
  });
  return document(run.title, width, height + padding, groups.join('\n'));
}

function lineFigure(run: LineRun, task: number): Figure {
  const { name, kind } = run.tasks[task]!;
  const measure = measuresOf(kind)[0]!;
  const series = seriesOf(run, [], task, measure);
  const bars = kind === 'outside' ? '' : ' · bars: ± one standard error';
  return {
    ...room,
    heading: `${name}${bars}${incomplete(run)}`,
    drawn: svg`${drawLines(layOutLines(series, measure, room), series, measure, 0)}`,
  };
}

function matrixFigure(run: MatrixRun, task: number): Figure {
  const { name, kind } = run.tasks[task]!;
  const model = makeMatrix(run, task, measuresOf(kind)[0]!);
  const size = matrixSize(model, { width: room.width, height: matrixHeight + model.rows.length * rowHeight });
  return { ...size, heading: `${name}${incomplete(run)}`, drawn: drawMatrix(model, layOutMatrix(model, size), printDiverging, size.width) };
}

function incomplete({ complete }: LineRun | MatrixRun): string {
  return complete ? '' : ' · incomplete';
}

const headingStyles = `.title { font-size: 14px; font-weight: 600; } .title, .heading { fill: ${printColor('--vscode-foreground')}; }`;

function document(title: string, width: number, height: number, body: string): string {
  const styles = [chartStyles, runStyles, cellFigureStyles, matrixStyles].map(({ cssText }) => printStyles(cssText)).join('\n');
  return `<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(fontFamily)}" font-size="12">
<title>${escapeXml(title)}</title>
<style>${styles} ${headingStyles}</style>
<rect width="${width}" height="${height}" fill="${printColor('--vscode-editor-background')}"/>
<text class="title" x="${padding}" y="${padding + 12}">${escapeXml(title)}</text>
${body}
</svg>
`;
}
