import type { Finding } from '../checkpoint/index.js';
import { formatBytes, plural } from '../compare/report/index.js';
import type { CombinePlan } from './plan.js';
import { describeVocabulary, groupTensors } from './planSummary.js';

/** Names of a group that are listed. */
const mostNames = 8;

/** A plan as a page to be read before it is run. Names from files are escaped. */
export function planToMarkdown(plan: CombinePlan): string {
  const title = plan.kind === 'model' ? 'Plan of a combination' : 'Plan of a diff vector';
  const sections = [
    [`# ${title}`, '', `\`${plan.formula.replaceAll('`', "'")}\``],
    problemSection('This cannot run', plan.refusals),
    ['## Models', '', '| | name | folder |', '|---|---|---|', ...plan.inputs.map(({ role, name, path }) => row([role, name, path])), row(['output', '', plan.output])],
    ['## Tensors', '', '| | tensors | why | names |', '|---|--:|---|---|', ...groupTensors(plan).map(({ action, reason, names }) => row([action, names.length.toLocaleString('en-US'), reason, nameCell(names)]))],
    plan.vocabulary === null ? [] : ['## Vocabulary', '', ...describeVocabulary(plan.vocabulary).map((line) => `- ${escape(line)}`)],
    fileSection(plan),
    problemSection('Worth knowing', plan.findings),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function problemSection(title: string, findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [`## ${title}`, '', ...findings.map(({ message }) => `- ${escape(message)}`)];
}

function fileSection({ shards, files, readByteLength, writeByteLength, freeDisk, peakMemory }: CombinePlan): string[] {
  const weights = shards.map(({ file, header, dataByteLength }) => row([file, formatBytes(header.byteLength + dataByteLength)]));
  const others = files.map(({ name, reason }) => row([name, reason]));
  const costs = [`Reads ${formatBytes(readByteLength)}`, `writes ${formatBytes(writeByteLength)}`, `${formatBytes(freeDisk)} free on the disk`, `about ${formatBytes(peakMemory)} of memory`];
  return ['## Output', '', `${costs.join(' · ')}.`, '', `| ${plural(shards.length + files.length, 'file')} | |`, '|---|---|', ...weights, ...others];
}

function nameCell(names: readonly string[]): string {
  return names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escape).join(' | ')} |`;
}

/** Names are strangers' input: whatever Markdown or HTML would act on is shown instead. */
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}
