import type { CombinePlan } from './plan.js';
import { describeVocabulary, groupTensors } from './planSummary.js';
import { formatBytes, formatCount, plural } from '../base/format.js';
import { maxOf } from '../base/extremes.js';

/** Tensors of a group that are named one by one. */
const mostNames = 3;

/** A plan as text for a terminal: what `--dry-run` prints. Names are not escaped. */
export function describePlan(plan: CombinePlan): string {
  const problems = [
    ...plan.refusals.map(({ message }) => `refused: ${message}`),
    ...plan.findings.map(({ severity, message }) => `${severity}: ${message}`),
  ];
  const sections = [
    [plan.formula],
    inputLines(plan),
    tensorLines(plan),
    plan.vocabulary === null ? [] : describeVocabulary(plan.vocabulary),
    fileLines(plan),
    [costLine(plan)],
    problems,
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function inputLines({ inputs, output }: CombinePlan): string[] {
  const rows = [...inputs.map(({ role, path }) => [role, path] as const), ['output', output] as const];
  const width = maxOf(rows.map(([role]) => role.length));
  return rows.map(([role, path]) => `${role.padEnd(width)}  ${path}`);
}

function tensorLines(plan: CombinePlan): string[] {
  const groups = groupTensors(plan);
  const lines = groups.map(({ action, reason, names }) => {
    const shown = names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '');
    return `  ${formatCount(names.length)} ${action}${reason === '' ? '' : ` (${reason})`}: ${shown}`;
  });
  return [`${plural(plan.tensors.length, 'tensor')}:`, ...lines];
}

function fileLines({ shards, files }: CombinePlan): string[] {
  const weights = shards.map(({ file, header, dataByteLength }) => [file, formatBytes(header.byteLength + dataByteLength)] as const);
  const rows = [...weights, ...files.map(({ name, reason }) => [name, reason] as const)];
  const width = maxOf(rows.map(([name]) => name.length));
  return ['Files:', ...rows.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)];
}

function costLine({ readByteLength, writeByteLength, freeDisk, peakMemory }: CombinePlan): string {
  return `Reads ${formatBytes(readByteLength)}, writes ${formatBytes(writeByteLength)} (${formatBytes(freeDisk)} free), needs about ${formatBytes(peakMemory)} of memory.`;
}
