import { formatCount, plural } from '../../base/format.js';
import { escapeMarkdown } from '../../base/markdown.js';
import type { RuleResult } from './checkRules.js';

/** Tensors named for a rule; the rest is a number. */
const maxNamed = 10;

/** Lines for people: each rule with what came of it, below it the tensors that break it and what could not be compared. */
export function describeRules(results: readonly RuleResult[]): string[] {
  return results.flatMap((result) => [
    `${result.outcome}: ${result.rule}${detailOf(result)}`,
    ...named(result.brokenBy, ({ name, value }) => `  ${name}${value === null ? '' : `  ${exactEnough(value)}`}`),
    ...(result.outcome === 'passed' ? [] : named(result.undecidedBy, (entry) => `  not decided: ${reasonOf(entry)}`)),
  ]);
}

/** A section of a Markdown summary; nothing without rules. */
export function rulesToMarkdown(results: readonly RuleResult[]): string {
  if (results.length === 0) return '';
  const lines = results.map((result) => {
    const broken = result.brokenBy.slice(0, maxNamed).map(({ name }) => escapeMarkdown(name));
    const rest = result.brokenBy.length - broken.length;
    const by = broken.length === 0 ? '' : `: ${broken.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
    const open = result.outcome === 'undecided' ? result.undecidedBy.slice(0, maxNamed).map(reasonOf).map(escapeMarkdown) : [];
    return `- **${result.outcome}** ${escapeMarkdown(result.rule)}${escapeMarkdown(detailOf(result))}${by}${open.length > 0 ? `: ${open.join('; ')}` : ''}`;
  });
  return `## Rules\n\n${lines.join('\n')}\n`;
}

function detailOf({ value, tensorCount, brokenBy, outcome }: RuleResult): string {
  if (value !== null) return ` (it is ${exactEnough(value)})`;
  if (tensorCount === null) return '';
  return outcome === 'broken'
    ? ` (${formatCount(brokenBy.length)} of ${plural(tensorCount, 'tensor')})`
    : ` (${plural(tensorCount, 'tensor')})`;
}

/** More digits than a table has: a threshold may lie close by. */
function exactEnough(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function reasonOf({ name, reason }: RuleResult['undecidedBy'][number]): string {
  return name === null ? reason : `${name}: ${reason}`;
}

function named<Entry>(entries: readonly Entry[], describe: (entry: Entry) => string): string[] {
  const rest = entries.length - maxNamed;
  return [...entries.slice(0, maxNamed).map(describe), ...(rest > 0 ? [`  … and ${formatCount(rest)} more (--json)`] : [])];
}
