import { describeCoverage, type DiffReport, type TensorDiff } from '../report/index.js';
import { coverageShare, isValueMetric, valueOf, type StatusMetric, type ValueMetric } from './metric.js';
import { isBrokenBy, type Rule } from './rule.js';

/** What checking a rule came to: `undecided` where something that it needs could not be compared, and nothing breaks it. */
export type RuleOutcome = 'passed' | 'broken' | 'undecided';

export interface RuleResult {
  readonly rule: string;
  readonly outcome: RuleOutcome;
  /** Of the model; null for a rule with a pattern, and where it is not known. */
  readonly value: number | null;
  /** Tensors that the pattern fits; null for a rule about the model. */
  readonly tensorCount: number | null;
  /** Tensors that break the rule taken by themselves, worst first; of a rule that counts tensors, those that it counts. */
  readonly brokenBy: readonly { readonly name: string; readonly value: number | null }[];
  /** Why the rule, or one of its tensors, could not be decided. */
  readonly undecidedBy: readonly { readonly name: string | null; readonly reason: string }[];
}

/**
 * Checks rules against a report, in their order. What has no counterpart leaves a rule about values undecided, unless a
 * rule about `coverage` says how much of that is accepted and is kept.
 */
export function checkRules(rules: readonly Rule[], report: DiffReport): readonly RuleResult[] {
  const share = coverageShare(report.summary);
  const coverageRules = rules.filter(({ metric }) => metric === 'coverage');
  const acceptsParts = coverageRules.length > 0 && share !== null && !coverageRules.some((rule) => isBrokenBy(rule, share));
  return rules.map((rule) => {
    const { metric } = rule;
    if (metric === 'coverage') return checkCoverage(rule, report, share);
    if (!isValueMetric(metric)) return checkStatus(rule, metric, report);
    return rule.fits === null
      ? checkModel(rule, metric, report, acceptsParts)
      : checkTensors(
          rule,
          metric,
          report.tensors.filter(({ name }) => rule.fits!(name)),
          acceptsParts,
        );
  });
}

/** One outcome for rules: broken where one is, else undecided where one is. */
export function outcomeOf(results: readonly RuleResult[]): RuleOutcome {
  const outcomes = results.map(({ outcome }) => outcome);
  if (outcomes.includes('broken')) return 'broken';
  return outcomes.includes('undecided') ? 'undecided' : 'passed';
}

function checkCoverage(rule: Rule, report: DiffReport, value: number | null): RuleResult {
  const parameters = report.tensors.filter(({ kind, shapeA, shapeB }) => kind === 'parameter' && (shapeA ?? shapeB) !== null);
  const apart = parameters.filter((tensor) => reasonNotCompared(tensor) !== null).map(({ name }) => ({ name, value: null }));
  const reason = { name: null, reason: 'it is not known how many parameters there are' };
  return resultOf(rule, { value, brokenBy: apart, undecidedBy: value === null ? [reason] : [] });
}

function checkStatus(rule: Rule, metric: StatusMetric, report: DiffReport): RuleResult {
  const counted = report.tensors.filter(({ status }) => status === metric).map(({ name }) => ({ name, value: null }));
  return resultOf(rule, { value: report.summary.statuses[metric], brokenBy: counted, undecidedBy: [] });
}

function checkModel(rule: Rule, metric: ValueMetric, report: DiffReport, acceptsParts: boolean): RuleResult {
  const value = valueOf(metric, report.summary);
  const parameters = report.tensors.filter(({ kind }) => kind === 'parameter');
  const coverage = describeCoverage(report.summary);
  const open = parameters.flatMap((tensor) => undecided(tensor, metric, acceptsParts));
  const partly = coverage === null || acceptsParts || open.length > 0 ? [] : [{ name: null, reason: coverage }];
  const unknown = isKnown(value) || open.length > 0 ? [] : [{ name: null, reason: `the model has no ${metric}: nothing was compared` }];
  return resultOf(rule, { value, brokenBy: breaking(rule, metric, parameters), undecidedBy: [...open, ...partly, ...unknown] });
}

function checkTensors(rule: Rule, metric: ValueMetric, tensors: readonly TensorDiff[], acceptsParts: boolean): RuleResult {
  const brokenBy = breaking(rule, metric, tensors);
  const none = tensors.length === 0 ? [{ name: null, reason: 'the pattern fits no tensor' }] : [];
  const undecidedBy = [...none, ...tensors.flatMap((tensor) => undecided(tensor, metric, acceptsParts))];
  const outcome = brokenBy.length > 0 ? 'broken' : undecidedBy.length > 0 ? 'undecided' : 'passed';
  return { rule: rule.text, outcome, value: null, tensorCount: tensors.length, brokenBy, undecidedBy };
}

/** The result of a rule about the model. What is not broken does not list tensors. */
function resultOf(rule: Rule, { value, brokenBy, undecidedBy }: Pick<RuleResult, 'value' | 'brokenBy' | 'undecidedBy'>): RuleResult {
  const isBroken = isKnown(value) && isBrokenBy(rule, value);
  const outcome = isBroken ? 'broken' : undecidedBy.length > 0 ? 'undecided' : 'passed';
  return { rule: rule.text, outcome, value, tensorCount: null, brokenBy: isBroken ? brokenBy : [], undecidedBy };
}

/** Tensors that break a rule by themselves, worst first. */
function breaking(rule: Rule, metric: ValueMetric, tensors: readonly TensorDiff[]): RuleResult['brokenBy'] {
  const broken = tensors.flatMap((tensor) => {
    const value = valueOf(metric, tensor);
    return isKnown(value) && isBrokenBy(rule, value) ? [{ name: tensor.name, value }] : [];
  });
  const sign = rule.operator.startsWith('>') ? -1 : 1;
  return broken.sort((x, y) => (x.value === y.value ? 0 : sign * (x.value < y.value ? -1 : 1)));
}

function undecided(tensor: TensorDiff, metric: ValueMetric, acceptsParts: boolean): RuleResult['undecidedBy'] {
  const { name } = tensor;
  const apart = reasonNotCompared(tensor);
  if (apart !== null) return acceptsParts ? [] : [{ name, reason: apart }];
  const value = valueOf(metric, tensor);
  if (value === null) return [{ name, reason: reasonUnknown(tensor) }];
  if (metric === 'nonFinite' || tensor.status === 'identical') return [];
  if ((tensor.nonFiniteA ?? 0) + (tensor.nonFiniteB ?? 0) > 0)
    return [{ name, reason: 'it holds NaN or infinities, which norms leave out' }];
  return Number.isNaN(value) ? [{ name, reason: `it has no ${metric}: one side is all zeros` }] : [];
}

/** Why a tensor, or a part of it, has no counterpart to be compared with; null where it has. */
function reasonNotCompared({ status, shapeA, shapeB, normDelta }: TensorDiff): string | null {
  switch (status) {
    case 'added':
      return 'it is only in B';
    case 'removed':
      return 'it is only in A';
    case 'reshaped':
      return 'its shapes cannot be compared';
    case 'unread':
      return 'its values are not read';
    case 'grown':
    case 'shrunk':
      return `of ${Math.max(shapeA?.[0] ?? 0, shapeB?.[0] ?? 0)} rows, ${Math.min(shapeA?.[0] ?? 0, shapeB?.[0] ?? 0)} were compared`;
    case 'equal':
    case 'changed':
    case 'retyped':
      return normDelta === null ? 'only its codes were compared, as bytes' : null;
    case 'identical':
      return null;
    default:
      return status satisfies never;
  }
}

function reasonUnknown({ status, normDelta }: TensorDiff): string {
  if (status !== 'identical' && normDelta !== null) return 'only the factors of its ΔW were compared, which do not tell it';
  return status === 'identical' ? 'its bytes are equal, and its values were not read' : 'its values were not compared';
}

function isKnown(value: number | null): value is number {
  return value !== null && !Number.isNaN(value);
}
