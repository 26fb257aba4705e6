import { escapeMarkdown, markdownCode, markdownRow } from '../../base/markdown.js';
import type { ConnectivityRun } from './run.js';
import { conclusionsOf } from './sentences.js';
import { tablesOf, type Table } from './tables.js';

/** A run for people to paste into an issue or a model card: what it says, its tables, its models. Names are escaped. */
export function runToMarkdown(run: ConnectivityRun): string {
  const sections = [
    [`# ${escapeMarkdown(run.title)}`],
    list(conclusionsOf(run)),
    ...tablesOf(run).map(tableSection),
    ['## Models', '', '| | name | folder |', '|---|---|---|', ...run.inputs.map(({ role, name, path }) => markdownRow([role, name, path]))],
    run.findings.length === 0 ? [] : ['## Findings', '', ...list(run.findings.map(({ message }) => message))],
    [
      `Scored by Model Rebase ${escapeMarkdown(run.toolVersion)} on ${escapeMarkdown(run.createdAt)}${run.complete ? '' : '; not complete'}.`,
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function list(sentences: readonly string[]): string[] {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`);
}

function tableSection({ task, columns, rows }: Table): string[] {
  const alignment = `|---|${columns
    .slice(1)
    .map(() => '--:|')
    .join('')}`;
  return [`## ${escapeMarkdown(task.name)}`, '', markdownCode(task.path), '', markdownRow(columns), alignment, ...rows.map(markdownRow)];
}
