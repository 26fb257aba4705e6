import {
  describeStatuses,
  verdictOf,
  reportFromJson,
  reportToCsv,
  reportToJson,
  reportToMarkdown,
  type DiffReport,
} from '../../../../src/compare/report/index.js';
import { toDiffView } from '../../../../src/webview/diffView.js';
import {
  cellAfterKey,
  describeCell,
  filterOfCell,
  groupFacts,
  heatmapValues,
  makeHeatmap,
  metricText,
} from '../../../../src/webview/model/heatmap.js';
import { cellAt, layOutHeatmap, visibleCells } from '../../../../src/webview/model/heatmapLayout.js';
import { histogramRows, labelledExponents, layOutHistogram, rangeText, zeroText } from '../../../../src/webview/model/histogram.js';
import { shortenedApart } from '../../../../src/webview/model/labels.js';
import { metrics } from '../../../../src/webview/model/metric.js';
import {
  describeSides,
  overviewFacts,
  shownFindings,
  statusSentence,
  structuralCounts,
  textFiles,
} from '../../../../src/webview/model/overview.js';
import { positionOn, ticksOf } from '../../../../src/webview/model/scale.js';
import { tensorColumnIds, tensorColumns } from '../../../../src/webview/model/tensorColumns.js';
import { dtypeText, shapeText, tensorFacts } from '../../../../src/webview/model/tensorFacts.js';
import { countStatuses, filterRows, sortRows } from '../../../../src/webview/model/tensorOrder.js';
import { decodeFromWire, encodeForWire } from '../../../../src/webview/wire.js';
import type { DiffView } from '../../../../src/webview/messages.js';

/** Exports a report in every form, and computes everything that the panel draws of it. */
export function useReport(report: DiffReport): void {
  reportToCsv(report);
  reportToMarkdown(report);
  reportFromJson(reportToJson(report));
  describeStatuses(report.summary);
  verdictOf(report);
  const view = decodeFromWire(JSON.parse(JSON.stringify(encodeForWire(toDiffView(report)), keepTyped), reviveTyped)) as DiffView;
  useOverview(view);
  useHeatmap(view);
  useTable(view);
  for (const tensor of report.tensors) {
    tensorFacts(tensor);
    shapeText(tensor);
    dtypeText(tensor);
    if (tensor.histogram !== null) useHistogram(tensor.histogram);
  }
}

/** VS Code carries typed arrays beside the JSON. */
const carried: unknown[] = [];
const keepTyped = (_: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? { $carried: carried.push(value) - 1 } : value);
const reviveTyped = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && '$carried' in value ? carried[value.$carried as number] : value;

function useOverview(view: DiffView): void {
  overviewFacts(view);
  describeSides(view.a, view.b);
  structuralCounts(view);
  statusSentence(view);
  textFiles(view);
  shownFindings(view);
}

function useHeatmap(view: DiffView): void {
  const heatmap = makeHeatmap(view);
  const { rows, columns } = heatmap;
  const layout = layOutHeatmap(rows.length, columns.length, { widestRow: 80, widestColumn: 60 }, 800);
  const viewport = { scrollLeft: 0, scrollTop: 0, width: 800, height: 600 };
  visibleCells(layout, viewport, rows.length, columns.length);
  cellAt(layout, viewport, 200, 100, rows.length, columns.length);
  shortenedApart(
    rows.map(({ label }) => label),
    12,
  );
  for (const metric of metrics) {
    const { cells, outside, scale } = heatmapValues(heatmap, metric);
    if (scale !== null) {
      ticksOf(scale);
      for (const value of [...cells, ...outside]) if (value !== null) positionOn(scale, value);
    }
    for (const [row] of rows.entries()) for (const [column] of columns.entries()) describeCell(heatmap, metric, { row, column });
    for (const { group } of heatmap.outside) metricText(group, metric);
  }
  for (const group of heatmap.cells) if (group !== null) groupFacts(group);
  filterOfCell(heatmap, { row: 0, column: 0 });
  cellAfterKey('End', { row: 0, column: 0 }, rows.length, columns.length);
}

function useTable({ table, layers }: DiffView): void {
  countStatuses(table);
  const rows = filterRows(table, { text: 'e', statuses: ['changed', 'added'], cell: { layer: 0, module: null } });
  for (const column of tensorColumnIds) {
    sortRows(table, rows, { column, descending: true });
    for (let row = 0; row < table.length; row++) tensorColumns[column].text(table, row, layers);
  }
}

function useHistogram(histogram: Parameters<typeof layOutHistogram>[0]): void {
  const model = layOutHistogram(histogram);
  for (const bar of model.bars) rangeText(bar);
  zeroText(model);
  histogramRows(histogram);
  labelledExponents(histogram, 6);
}
