import type { Finding } from '../checkpoint/index.js';
import type { ComparisonPlan } from './planComparison.js';
import { productTolerance, type TensorDiff } from './report/index.js';
import { plural } from '../base/format.js';
import { nameList } from '../base/nameList.js';
import { formatMapRule } from '../model/correspondence/index.js';
import { unusedRuleFinding } from '../model/names/index.js';
import { compareSettings, formatDifference, type SettingEffect } from '../model/settings/index.js';

/** Findings about single tensors are listed up to this many of a kind, then counted. */
const mostListed = 20;

/** @returns what is odd about the comparison itself: non-finite values, unread dtypes, different architectures and settings, unmatched names, unused rules. */
export function findingsOf(plan: ComparisonPlan, tensors: readonly TensorDiff[]): Finding[] {
  return [
    ...architectureFindings(plan),
    ...settingsFindings(plan),
    ...nameFindings(plan),
    ...unmatchedFindings(tensors),
    ...productFindings(plan),
    ...listed(tensors.filter(isNonFinite), 'non-finite', 'error', describeNonFinite),
    ...(['grown', 'shrunk'] as const).flatMap((code) =>
      listed(
        tensors.filter(({ status }) => status === code),
        code,
        'info',
        describeRows,
      ),
    ),
    ...listed(
      tensors.filter(({ status }) => status === 'unread'),
      'unread-dtype',
      'warning',
      describeUnread,
    ),
  ];
}

function architectureFindings({ a, b }: ComparisonPlan): Finding[] {
  const [typeA, typeB] = [a.settings?.textModelType, b.settings?.textModelType];
  if (!typeA || !typeB || typeA === typeB) return [];
  const message = `The versions name different architectures: ${typeA} and ${typeB}. Only tensors of equal name and shape can be compared.`;
  return [{ severity: 'warning', code: 'architecture-differs', message }];
}

/** Settings by which equal weights would compute something else; all others are listed with the files. */
function settingsFindings({ a, b }: ComparisonPlan): Finding[] {
  const differences = compareSettings(a.settings, b.settings).filter(({ name }) => name !== 'model_type');
  const list = (effects: readonly SettingEffect[]): string => {
    const found = differences.filter(({ effect }) => effects.includes(effect)).map(formatDifference);
    return `${found.slice(0, mostListed).join(', ')}${found.length > mostListed ? ` and ${found.length - mostListed} more` : ''}`;
  };
  const [meaning, computing] = [list(['weights']), list(['forward', 'unknown'])];
  const means = `The weights of A and B do not mean the same: ${meaning}. Their differences say little, and they cannot be combined.`;
  const computes = `The versions compute otherwise with the same weights, as their config.json says: ${computing}.`;
  return [
    ...(meaning === '' ? [] : [{ severity: 'warning', code: 'weights-mean-otherwise', message: means } as const]),
    ...(computing === '' ? [] : [{ severity: 'warning', code: 'settings-differ', message: computes } as const]),
  ];
}

/** Rules that lead nowhere, and names that could be several others'. */
function nameFindings({ matching: { correspondence } }: ComparisonPlan): Finding[] {
  const { unusedPrefixes, unusedRules, ties } = correspondence;
  const tied = ties.map(({ a, b }): Finding => {
    const message = `Equal candidates, none of which is taken: ${nameList(a)} of A and ${nameList(b)} of B. Say which belong together with a name rule (--map).`;
    return { severity: 'warning', code: 'names-tied', message, tensor: a[0]! };
  });
  const rest = tied.length - mostListed;
  return [
    ...unusedPrefixes.map((rule) => unusedRuleFinding(rule, 'A', 'B')),
    ...unusedRules.map((rule): Finding => {
      const message = `The name rule "${formatMapRule(rule)}" is not applied: its pattern fits no name of B. Correct it or leave it out.`;
      return { severity: 'warning', code: 'name-rule-unused', message };
    }),
    ...tied.slice(0, mostListed),
    ...(rest > 0 ? [{ severity: 'warning', code: 'names-tied', message: `… and ${rest} more ties.` } as const] : []),
  ];
}

/** How adapters were compared, and with which error. */
function productFindings({ pairs, sameFiles }: ComparisonPlan): Finding[] {
  const count = pairs.filter(({ treatment }) => treatment.kind === 'compare' && treatment.products !== null).length;
  if (count === 0 || sameFiles) return [];
  const message = `ΔW of ${plural(count, 'weight')} ${count === 1 ? 'was' : 'were'} compared by the factors, without being formed: norms, relative change and cosine are exact up to ${productTolerance.toExponential()} of ‖ΔW‖, and what differs less is equal up to rounding. Largest changes, counts and histograms need ΔW itself, which is formed when one weight is looked into.`;
  return [{ severity: 'info', code: 'compared-by-factors', message }];
}

function unmatchedFindings(tensors: readonly TensorDiff[]): Finding[] {
  const statuses = new Set(tensors.map(({ status }) => status));
  if (statuses.size !== 2 || !statuses.has('added') || !statuses.has('removed')) return [];
  const message =
    'No tensor of one version has a counterpart in the other: the names follow different schemes. ' +
    'Give a prefix map (for example language_model.=, or =language_model. for the other way) if one model wraps the other, or name rules (--map).';
  return [{ severity: 'warning', code: 'nothing-matches', message }];
}

function listed(
  tensors: readonly TensorDiff[],
  code: string,
  severity: Finding['severity'],
  describe: (tensor: TensorDiff) => string,
): Finding[] {
  const findings: Finding[] = tensors
    .slice(0, mostListed)
    .map((tensor) => ({ severity, code, message: describe(tensor), tensor: tensor.name }));
  const rest = tensors.length - findings.length;
  if (rest > 0) findings.push({ severity, code, message: `… and ${rest} more tensors with the same finding.` });
  return findings;
}

function isNonFinite({ nonFiniteA, nonFiniteB }: TensorDiff): boolean {
  return (nonFiniteA ?? 0) + (nonFiniteB ?? 0) > 0;
}

function describeNonFinite({ name, nonFiniteA, nonFiniteB }: TensorDiff): string {
  return `${name} holds NaN or infinite values: ${nonFiniteA ?? 0} in A, ${nonFiniteB ?? 0} in B. Statistics leave those positions out.`;
}

function describeRows({ name, shapeA, shapeB }: TensorDiff): string {
  const [rowsA, rowsB] = [shapeA?.[0] ?? 0, shapeB?.[0] ?? 0];
  return `${name} has ${rowsA} rows in A and ${rowsB} in B; the first ${Math.min(rowsA, rowsB)} rows are compared, by index.`;
}

function describeUnread({ name, dtypeA, dtypeB, schemeA, schemeB }: TensorDiff): string {
  const [storedA, storedB] = [schemeA ?? String(dtypeA), schemeB ?? String(dtypeB)];
  const stored =
    storedA === storedB ? `${storedA}, whose layouts differ` : `${storedA} and ${storedB}, of which one has no values that are read`;
  return `${name} is stored as ${stored}: whether it changed is unknown.`;
}
