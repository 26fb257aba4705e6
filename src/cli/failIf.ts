import { reportToJson, type DiffReport } from '../compare/report/index.js';
import { checkRules, describeRules, metrics, outcomeOf, parseRule, type Rule, type RuleResult } from '../compare/rules/index.js';
import { toJson } from '../base/json/toJson.js';
import type { OptionSpec } from './command.js';
import { gravest } from './diffParts.js';
import { readFromUser, type ExitCode } from './io.js';

/** `--fail-if` of `diff`. */
export const failIfOption: OptionSpec = {
  type: 'string',
  value: 'RULE',
  multiple: true,
  help: "Exit with 1 when the diff breaks a rule: 'relativeChange > 0.1' for the whole model, 'PATTERN: cosine < 0.99' for each tensor that fits. Repeatable.",
};

/** What `diff --help` says of rules. */
export const failIfNotes = [
  "A rule is METRIC, one of > >= < <=, and a number. With 'PATTERN:' before it (* ? {0..11} {q,k}), it speaks of each tensor whose whole name fits, otherwise of the model as one vector. Metrics:",
  ...Object.entries(metrics).map(([name, { of, help }]) => `  ${name.padEnd(15)} ${help}${of === 'model' ? ' (whole model only)' : ''}`),
  'Exit code 1: a rule is broken. 3: none is, but something that a rule needs could not be compared: tensors without a counterpart, codes without a formula, NaN, a pattern that fits nothing. A rule about coverage says how much may be without counterpart.',
].join('\n');

/** @throws {UsageError} for a rule that cannot be read */
export function readRules(texts: readonly string[]): readonly Rule[] {
  return texts.map((text) => readFromUser(() => parseRule(text)));
}

/** Lines about each rule, to be printed below a diff. */
export function rulesText(results: readonly RuleResult[]): string {
  return describeRules(results)
    .map((line) => `${line}\n`)
    .join('');
}

/** The report as JSON; where there are rules, their results stand in it as `rules`. */
export function reportWithRules(report: DiffReport, results: readonly RuleResult[]): string {
  return results.length === 0 ? reportToJson(report) : toJson({ ...report, rules: results });
}

const exitCodes = { passed: 0, broken: 1, undecided: 3 } as const;

/**
 * One exit code for rules over all parts of a model. A pattern may name tensors that only some parts have.
 * @param reports null for a part that only one side has, of which nothing is known
 */
export function exitCodeOfRules(rules: readonly Rule[], reports: readonly (DiffReport | null)[]): ExitCode {
  if (rules.length === 0) return 0;
  const perPart = reports.flatMap((report) => (report === null ? [] : [checkRules(rules, report)]));
  const codes = rules.map((_, index) => {
    const results = perPart.map((part) => part[index]!);
    const fitting = results.filter(({ tensorCount }) => tensorCount !== 0);
    return exitCodes[outcomeOf(fitting.length > 0 ? fitting : results)];
  });
  return gravest([...codes, reports.includes(null) ? 3 : 0]);
}
