import { formatCosine, formatNumber, formatShare, plural } from '../../base/format.js';
import { escapeMarkdown, markdownRow } from '../../base/markdown.js';
import { reportToMarkdown, verdictOf, type DiffReport } from '../../compare/report/index.js';
import { rulesToMarkdown, type RuleResult } from '../../compare/rules/index.js';

/** What came of one changed model. */
export type ModelResult = { readonly name: string } & (
  | { readonly kind: 'compared'; readonly report: DiffReport; readonly rules: readonly RuleResult[] }
  | { readonly kind: 'added' | 'removed' }
  | { readonly kind: 'failed'; readonly message: string }
);

/** GitHub takes a summary of 1 MiB; a step may have written before. */
const maxLength = 700_000;

/** A summary in Markdown: one row for each model, then rules that are not kept, then each report, folded, as far as there is room. */
export function changesToMarkdown(results: readonly ModelResult[], commit: string): string {
  const title = `# Model weights: ${plural(results.length, 'model')} changed since ${commit.slice(0, 12)}\n\n`;
  if (results.length === 0) return title;
  const header = ['model', 'result', 'relative change', 'cosine', 'values changed', 'rules'];
  const rows = results.map((result) => markdownRow(rowOf(result)));
  const table = [markdownRow(header), `|${' --- |'.repeat(header.length)}`, ...rows].join('\n');
  const failures = results.flatMap((result) =>
    result.kind === 'failed' ? [`- **${escapeMarkdown(result.name)}**: ${escapeMarkdown(result.message)}\n`] : [],
  );
  const head = `${title}${table}\n\n${failures.join('')}\n`;
  return `${head}${detailsOf(results, maxLength - head.length)}`;
}

function rowOf(result: ModelResult): string[] {
  if (result.kind === 'failed') return [result.name, 'could not be compared', '', '', '', ''];
  if (result.kind !== 'compared') return [result.name, result.kind === 'added' ? 'new' : 'removed', '', '', '', ''];
  const { summary } = result.report;
  const share = summary.changedCount === null || !summary.comparedCount ? null : summary.changedCount / summary.comparedCount;
  const numbers = [formatNumber(summary.relativeChange), formatCosine(summary.cosine), formatShare(share)];
  return [result.name, verdictOf(result.report), ...numbers, rulesCell(result.rules)];
}

function rulesCell(rules: readonly RuleResult[]): string {
  const counts = (['broken', 'undecided', 'passed'] as const).map((outcome) => [
    rules.filter((rule) => rule.outcome === outcome).length,
    outcome,
  ]);
  return counts.flatMap(([count, outcome]) => (count === 0 ? [] : [`${count!} ${outcome!}`])).join(', ');
}

function detailsOf(results: readonly ModelResult[], room: number): string {
  let text = '';
  for (const result of results) {
    if (result.kind !== 'compared') continue;
    const rules = rulesToMarkdown(result.rules);
    const details = `<details><summary>${escapeMarkdown(result.name)}</summary>\n\n${rules}\n${reportToMarkdown(result.report)}\n</details>\n\n`;
    if (text.length + details.length > room) return `${text}The other reports are too long for this summary.\n`;
    text += details;
  }
  return text;
}
