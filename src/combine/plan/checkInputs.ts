import { type Finding, kindOf } from '../../checkpoint/index.js';
import { type PrefixRule } from '../../compare/report/index.js';
import type { CombineRequest } from '../request.js';
import { compileSelection } from '../selection.js';
import { describeTensor } from './inputTensors.js';
import { describeSample } from '../../compare/index.js';
import { formatMapRule } from '../../model/correspondence/index.js';
import type { CheckedOrder, MatchedInput } from './matchSources.js';
import { nameList } from '../../base/nameList.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';
import { applyPrefixMap, unusedRuleFinding } from '../../model/names/index.js';
import { plural } from '../../base/format.js';
import { vocabularyPart } from '../../model/vocabulary/index.js';

/** Findings of a checkpoint that mean that part of its weights is not there. */
const incomplete: ReadonlySet<string> = new Set(['shard-missing', 'index-tensor-absent', 'layers-missing', 'no-tensors']);

/** Inputs that are not what the request takes them for, or not complete: reasons to refuse. */
export function inputRefusals(inputs: readonly OpenInput[]): Finding[] {
  return inputs.flatMap((input) => [...kindRefusal(input), ...completenessRefusals(input)]);
}

function kindRefusal({ role, expect, diffVector, checkpoint }: OpenInput): Finding[] {
  if (expect === 'diff-vector' && diffVector === null && checkpoint.adapter === null) {
    const message = `${checkpoint.path} is no diff vector: its files do not say that they were saved as one, and it is no adapter. Save one first, or give the fine-tuned version and its base instead.`;
    return [{ severity: 'error', code: 'not-a-diff-vector', message, file: checkpoint.path }];
  }
  if (expect === 'checkpoint' && diffVector !== null) {
    const message = `${checkpoint.path}, given as ${role}, is a saved diff vector (${diffVector.formula}), not a model version. Give it as the diff vector instead.`;
    return [{ severity: 'error', code: 'is-a-diff-vector', message, file: checkpoint.path }];
  }
  return [];
}

function completenessRefusals({ role, checkpoint }: OpenInput): Finding[] {
  return checkpoint.findings
    .filter(({ code }) => incomplete.has(code))
    .map((finding) => ({ ...finding, severity: 'error', message: `${role} is not complete. ${finding.message}` }));
}

/** Weights of an input that the template has no place for. */
export interface UnplacedTensors {
  readonly role: string;
  /** By the input's names. */
  readonly names: readonly string[];
}

/** Weights of what is added that have no place in the template, tied heads, buffers and what the patterns leave out aside. */
export function unplacedTensors(
  request: CombineRequest,
  { contributors, template }: Roles,
  matched: readonly MatchedInput[],
): UnplacedTensors[] {
  const exclusion = compileSelection(request);
  const templateTies = !matched[template]!.input.tensors.some(({ name }) => vocabularyPart(name) === 'head');
  const isKept = (name: string): boolean => !(templateTies && vocabularyPart(name) === 'head');
  const sources = [...new Set(contributors.map(({ plus }) => plus))].map((index) => matched[index]!);
  return sources
    .map(({ input, unmatched, prefixMap }) => {
      const takesPart = (name: string): boolean => (exclusion(name) ?? exclusion(applyPrefixMap(name, prefixMap))) === null;
      const weights = unmatched.filter(({ isBuffer }) => !isBuffer).map(({ name }) => name);
      const names = weights.filter((name) => isKept(name) && takesPart(name));
      return { role: input.role, names };
    })
    .filter(({ names }) => names.length > 0);
}

/** Unplaced tensors as findings, where mismatches are skipped. */
export function unplacedFindings(unplaced: readonly UnplacedTensors[], template: string): Finding[] {
  return unplaced.map(({ role, names }) => {
    const found = `${plural(names.length, 'tensor')} of ${role} that ${template} lacks: ${nameList(names)}.`;
    return { severity: 'warning', code: 'tensor-not-carried', message: `Not carried over: ${found}`, tensor: names[0]! };
  });
}

/** What names and shapes leave open and values do not decide, and rules of the user's that fit nothing: reasons to refuse. */
export function nameRefusals(
  { nameMap = [], trustNames = false }: CombineRequest,
  { template }: Roles,
  matched: readonly MatchedInput[],
): Finding[] {
  const others = matched.filter((_, index) => index !== template);
  const own = matched[template]!.input.role;
  const idle = nameMap.filter((rule) => others.every(({ unusedRules }) => unusedRules.includes(rule)));
  const open = trustNames ? [] : others.flatMap(({ input, orders }) => orders.flatMap((order) => openOrder(order, input.role, own)));
  const rules = idle.map((rule): Finding => {
    const message = `The name rule "${formatMapRule(rule)}" fits no name of any version but ${own}'s. Correct it or leave it out.`;
    return { severity: 'error', code: 'name-rule-unused', message };
  });
  return [...rules, ...open];
}

function openOrder({ subject, candidates, evidence }: CheckedOrder, role: string, own: string): Finding[] {
  if (evidence.answer !== null) return [];
  const message = `${subject}: names and shapes do not say how its values lie in ${role} and in ${own}, and a sample of the values does not either: ${describeSample(evidence, candidates)}. To take it as named ("${candidates[0]!.label}"), say so with --trust-names, or exclude it.`;
  return [{ severity: 'error', code: 'order-unchecked', message }];
}

/** Orders that a sample of the values decided, or the user's word. */
function orderFindings({ input, orders }: MatchedInput, own: string): Finding[] {
  return orders.map(({ subject, candidates, evidence }): Finding => {
    const label = candidates[evidence.answer ?? 0]!.label;
    const sample = describeSample(evidence, candidates);
    if (evidence.answer === null) {
      const message = `${subject} of ${input.role} is taken as named ("${label}"), unchecked: ${sample}.`;
      return { severity: 'warning', code: 'order-unchecked', message };
    }
    const against = evidence.answer === 0 ? 'as named' : `and not as named ("${candidates[0]!.label}")`;
    const message = `${subject} of ${input.role} is read as "${label}", ${against}, checked against the values of ${own}: ${sample}.`;
    return { severity: evidence.answer === 0 ? 'info' : 'warning', code: 'order-checked', message };
  });
}

function tieFindings({ input, ties }: MatchedInput, own: string): Finding[] {
  return ties.map(({ a, b }): Finding => {
    const message = `Equal candidates, none of which is taken: ${nameList(a)} of ${own} and ${nameList(b)} of ${input.role}. Say which belong together with --map.`;
    return { severity: 'warning', code: 'names-tied', message, tensor: a[0]! };
  });
}

/** What else the inputs show: names mapped or not, orders that were checked, dtypes that differ. */
export function matchingFindings({ prefixMap: given }: CombineRequest, { template }: Roles, matched: readonly MatchedInput[]): Finding[] {
  const own = matched[template]!.input;
  const maps = matched.flatMap(({ input, prefixMap }) =>
    prefixMap.map((rule): Finding => ({ severity: 'info', code: 'prefix-map', message: describeRule(rule, input.role, own.role) })),
  );
  const unused = (given ?? []).filter((rule) => !matched.some(({ prefixMap }) => prefixMap.includes(rule)));
  return [
    ...maps,
    ...unused.map((rule) => unusedRuleFinding(rule, own.role, 'the other versions')),
    ...matched.flatMap((match) => [...orderFindings(match, own.role), ...tieFindings(match, own.role)]),
    ...dtypeFinding(matched),
  ];
}

function describeRule({ from, to }: PrefixRule, role: string, own: string): string {
  if (from === '') return `Names of ${role} are matched with "${to}" before them.`;
  const names = `Names of ${role} that start with "${from}"`;
  return to === '' ? `${names} are matched without it.` : `${names} are matched with "${to}…" of ${own}.`;
}

function dtypeFinding(matched: readonly MatchedInput[]): Finding[] {
  const dtypes = matched.map(({ input }) =>
    [...new Set(input.tensors.filter(({ dtype }) => kindOf(dtype) === 'float').map(describeTensor))].sort().join(', '),
  );
  if (new Set(dtypes).size <= 1) return [];
  const list = matched.map(({ input }, index) => `${input.role} ${dtypes[index]!}`).join('; ');
  return [
    {
      severity: 'info',
      code: 'dtypes-differ',
      message: `The versions are stored in different dtypes (${list}). Values are combined exactly and rounded once, to the output's dtype.`,
    },
  ];
}
