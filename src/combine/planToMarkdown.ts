import type { Finding } from '../checkpoint/index.js';
import { escapeMarkdown, markdownCode, markdownRow, nameCell } from '../base/markdown.js';
import type { CombinePlan } from './plan.js';
import { describeVocabulary, groupTensors } from './planSummary.js';
import { formatBytes, formatCount, plural } from '../base/format.js';

/** A plan as a page to be read before it is run. Names from files are escaped. */
export function planToMarkdown(plan: CombinePlan): string {
  const title = plan.kind === 'model' ? 'Plan of a combination' : 'Plan of a diff vector';
  const sections = [
    [`# ${title}`, '', markdownCode(plan.formula)],
    problemSection('This cannot run', plan.refusals),
    [
      '## Models',
      '',
      '| | name | folder |',
      '|---|---|---|',
      ...plan.inputs.map(({ role, name, path }) => markdownRow([role, name, path])),
      markdownRow(['output', '', plan.output]),
    ],
    [
      '## Tensors',
      '',
      '| | tensors | why | names |',
      '|---|--:|---|---|',
      ...groupTensors(plan).map(({ action, reason, names }) => markdownRow([action, formatCount(names.length), reason, nameCell(names)])),
    ],
    plan.vocabulary === null
      ? []
      : ['## Vocabulary', '', ...describeVocabulary(plan.vocabulary).map((line) => `- ${escapeMarkdown(line)}`)],
    fileSection(plan),
    problemSection('Worth knowing', plan.findings),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function problemSection(title: string, findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [`## ${title}`, '', ...findings.map(({ message }) => `- ${escapeMarkdown(message)}`)];
}

function fileSection({ shards, files, readByteLength, writeByteLength, freeDisk, peakMemory }: CombinePlan): string[] {
  const weights = shards.map(({ file, header, dataByteLength }) => markdownRow([file, formatBytes(header.byteLength + dataByteLength)]));
  const others = files.map(({ name, reason }) => markdownRow([name, reason]));
  const costs = [
    `Reads ${formatBytes(readByteLength)}`,
    `writes ${formatBytes(writeByteLength)}`,
    `${formatBytes(freeDisk)} free on the disk`,
    `about ${formatBytes(peakMemory)} of memory`,
  ];
  return [
    '## Output',
    '',
    `${costs.join(' · ')}.`,
    '',
    `| ${plural(shards.length + files.length, 'file')} | |`,
    '|---|---|',
    ...weights,
    ...others,
  ];
}
