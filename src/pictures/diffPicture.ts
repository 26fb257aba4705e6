import type { DiffReport } from '../compare/report/index.js';
import { toDiffView } from '../webview/diffView.js';
import { heatmapValues, makeHeatmap } from '../webview/model/heatmap.js';
import { heatmapSvg } from '../webview/model/heatmapSvg.js';
import { visibleValues } from '../webview/visibleValues.js';
import { printHeatmapColors } from './printTheme.js';

/** The relative change of layers by modules with the profile below it, as the diff panel exports it, as SVG. */
export function diffPicture(report: DiffReport): string {
  const view = toDiffView(visibleValues(report) as DiffReport);
  const heatmap = makeHeatmap(view);
  const [title, metric] = [`${view.a.name} → ${view.b.name}`, 'relativeChange'] as const;
  return `${heatmapSvg({ title, heatmap, values: heatmapValues(heatmap, metric), metric, colors: printHeatmapColors }).text}\n`;
}
