import { formatBytes, formatCompact, formatCosine, formatCount, formatNumber, formatShare } from '../../base/format.js';
import { escapeMarkdown } from '../../base/markdown.js';
import type { DiffReport, GroupDiff, ReportSide, TensorDiff } from './report.js';
import { countDifferences, describeCoverage, describeStatuses, matchReasons } from './structure.js';

/** Tensors listed by name; the rest is a number. */
const mostTensors = 30;
/** Reasons for matches, likewise. */
const maxReasons = 20;

/** A summary for people to paste into an issue or a model card: totals, layers, and the tensors that changed most. */
export function reportToMarkdown(report: DiffReport): string {
  return [
    `# ${escapeMarkdown(report.a.name)} → ${escapeMarkdown(report.b.name)}`,
    table(['', 'A', 'B'], sideRows(report.a, report.b)),
    '## Summary',
    summary(report),
    ...matchSection(report),
    ...companionSection(report),
    '## Layers',
    table(
      groupHeader('layer'),
      report.layers.map((layer) => groupRow(layer.label, layer)),
    ),
    '## Tensors that changed most',
    tensorTable(report.tensors),
    ...(report.findings.length > 0 ? ['## Findings', report.findings.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n')] : []),
    `${computedBy(report)} on ${escapeMarkdown(report.createdAt)}.`,
    '',
  ].join('\n\n');
}

function computedBy({ engine }: DiffReport): string {
  return engine.name === 'none' ? 'Found without reading values' : `Computed by ${escapeMarkdown(engine.detail)}`;
}

function sideRows(a: ReportSide, b: ReportSide): string[][] {
  const row = (title: string, valueOf: (side: ReportSide) => string) => [title, valueOf(a), valueOf(b)];
  return [
    row('path', ({ path }) => escapeMarkdown(path)),
    row('architecture', ({ architecture, modelType }) => escapeMarkdown(architecture ?? modelType ?? 'not stated')),
    row('parameters', ({ parameterCount }) => formatCompact(parameterCount)),
    row('size', ({ byteLength }) => formatBytes(byteLength)),
    row('stored as', ({ dtypes, scheme }) => escapeMarkdown(scheme ?? dtypes.map(([dtype]) => dtype).join(', '))),
  ];
}

function summary({ summary: group }: DiffReport): string {
  const share = group.changedCount === null || !group.comparedCount ? null : group.changedCount / group.comparedCount;
  const coverage = describeCoverage(group);
  return [
    ...(coverage === null ? [] : [`- **${coverage}**: what follows speaks of these alone`]),
    `- ${formatCount(group.tensorCount)} tensors: ${describeStatuses(group)}`,
    `- relative change ‖Δ‖/‖A‖: ${formatNumber(group.relativeChange)}`,
    `- cosine: ${formatCosine(group.cosine)}`,
    `- largest |Δ|: ${formatNumber(group.maxAbsDelta)}`,
    `- values changed: ${formatShare(share)}`,
  ].join('\n');
}

/** Why tensors were matched, where it is not their names alone. */
function matchSection({ tensors, nameMap }: DiffReport): string[] {
  const reasons = matchReasons(tensors);
  if (reasons.every(({ reason }) => reason === 'equal name')) return [];
  const rows = reasons.slice(0, maxReasons).map(({ reason, count }) => [escapeMarkdown(reason), formatCount(count)]);
  const rest = reasons.length - maxReasons;
  const rules = nameMap.map(({ pattern, replacement }) => `- name rule: ${escapeMarkdown(`${pattern}=${replacement}`)}`);
  return [
    '## Matched by',
    table(['reason', 'tensors'], rows) + (rest > 0 ? `\n\n… and ${formatCount(rest)} more reasons.` : ''),
    ...(rules.length > 0 ? [rules.join('\n')] : []),
  ];
}

function companionSection({ companions }: DiffReport): string[] {
  if (countDifferences(companions) === 0 || companions === null) return [];
  const { settings, adapter, metadata, files } = companions;
  const rows = [...settings, ...adapter, ...metadata, ...files].map(({ name, a, b }) => [
    escapeMarkdown(name),
    escapeMarkdown(a ?? 'absent'),
    escapeMarkdown(b ?? 'absent'),
  ]);
  return ['## Beside the tensors', table(['name', 'A', 'B'], rows)];
}

function groupHeader(title: string): string[] {
  return [title, 'relative change', 'cosine', 'max \\|Δ\\|', 'changed values', 'tensors'];
}

function groupRow(title: string, group: GroupDiff): string[] {
  return [
    escapeMarkdown(title),
    formatNumber(group.relativeChange),
    formatCosine(group.cosine),
    formatNumber(group.maxAbsDelta),
    formatCount(group.changedCount),
    describeStatuses(group),
  ];
}

function tensorTable(tensors: readonly TensorDiff[]): string {
  const changed = tensors.filter(({ status }) => status !== 'identical');
  const sorted = byRelativeChange(changed).slice(0, mostTensors);
  const rows = sorted.map((tensor) => [
    escapeMarkdown(tensor.name),
    tensor.status,
    formatNumber(tensor.relativeChange),
    formatCosine(tensor.cosine),
    formatNumber(tensor.maxAbsDelta),
  ]);
  const rest = changed.length - sorted.length;
  return (
    table(['tensor', 'status', 'relative change', 'cosine', 'max \\|Δ\\|'], rows) + (rest > 0 ? `\n\n… and ${formatCount(rest)} more.` : '')
  );
}

/** Most changed first; tensors without a value (added, removed, reshaped) before all, since they changed most of all. */
export function byRelativeChange(tensors: readonly TensorDiff[]): TensorDiff[] {
  const weight = ({ relativeChange }: TensorDiff) => relativeChange ?? Infinity;
  return [...tensors].sort((x, y) => (weight(x) === weight(y) ? 0 : weight(y) - weight(x)));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
