import { type Finding, kindOf, type Tensor } from '../../checkpoint/index.js';
import { type PrefixRule } from '../../compare/report/index.js';
import type { CombineRequest } from '../request.js';
import { isBuffer } from './buffers.js';
import type { MatchedInput } from './matchSources.js';
import { nameList } from '../../base/nameList.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';
import { unusedRuleFinding } from '../../model/names/index.js';
import { plural } from '../../base/format.js';
import { vocabularyPart } from '../../model/vocabulary/index.js';

/** Findings of a checkpoint that mean that part of its weights is not there. */
const incomplete: ReadonlySet<string> = new Set(['shard-missing', 'index-tensor-absent', 'layers-missing', 'no-tensors']);

/** Inputs that are not what the request takes them for, or not complete: reasons to refuse. */
export function inputRefusals(inputs: readonly OpenInput[]): Finding[] {
  return inputs.flatMap((input) => [...kindRefusal(input), ...completenessRefusals(input)]);
}

function kindRefusal({ role, expect, diffVector, checkpoint }: OpenInput): Finding[] {
  if (expect === 'diff-vector' && diffVector === null) {
    const message = `${checkpoint.path} is no diff vector: its files do not say that they were saved as one. Save one first, or give the fine-tuned version and its base instead.`;
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

/** Learned tensors of what is added that the template has no place for, tied heads and buffers left out. */
export function unplacedTensors(
  { contributors, template }: Roles,
  matched: readonly MatchedInput[],
): { readonly role: string; readonly names: readonly string[] }[] {
  const templateTies = !matched[template]!.input.checkpoint.tensors.some(({ name }) => vocabularyPart(name) === 'head');
  const isLoss = ({ name, dtype }: Tensor): boolean =>
    !isBuffer(name) && kindOf(dtype) === 'float' && !(templateTies && vocabularyPart(name) === 'head');
  const sources = [...new Set(contributors.map(({ plus }) => plus))].map((index) => matched[index]!);
  return sources
    .map(({ input, unmatched }) => ({ role: input.role, names: unmatched.filter(isLoss).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0);
}

/** Unplaced tensors as a reason to refuse, or as a finding when mismatches are to be skipped. */
export function unplacedFindings(unplaced: ReturnType<typeof unplacedTensors>, template: string, isSkipped: boolean): Finding[] {
  return unplaced.map(({ role, names }) => {
    const found = `${plural(names.length, 'tensor')} of ${role} that ${template} lacks: ${nameList(names)}.`;
    if (isSkipped) return { severity: 'warning', code: 'tensor-not-carried', message: `Not carried over: ${found}`, tensor: names[0]! };
    return {
      severity: 'error',
      code: 'tensor-not-in-target',
      message: `${found} Choose versions of one architecture, or skip mismatched tensors to leave these out.`,
      tensor: names[0]!,
    };
  });
}

/** What else the inputs show: names mapped or not, dtypes that differ. */
export function matchingFindings({ prefixMap: given }: CombineRequest, { template }: Roles, matched: readonly MatchedInput[]): Finding[] {
  const own = matched[template]!.input;
  const maps = matched.flatMap(({ input, prefixMap }) =>
    prefixMap.map((rule): Finding => ({ severity: 'info', code: 'prefix-map', message: describeRule(rule, input.role, own.role) })),
  );
  const unused = (given ?? []).filter((rule) => !matched.some(({ prefixMap }) => prefixMap.includes(rule)));
  return [...maps, ...unused.map((rule) => unusedRuleFinding(rule, own.role, 'the other versions')), ...dtypeFinding(matched)];
}

function describeRule({ from, to }: PrefixRule, role: string, own: string): string {
  if (from === '') return `Names of ${role} are matched with "${to}" before them.`;
  const names = `Names of ${role} that start with "${from}"`;
  return to === '' ? `${names} are matched without it.` : `${names} are matched with "${to}…" of ${own}.`;
}

function dtypeFinding(matched: readonly MatchedInput[]): Finding[] {
  const dtypes = matched.map(({ input }) =>
    [...new Set(input.checkpoint.tensors.filter(({ dtype }) => kindOf(dtype) === 'float').map(({ dtype }) => dtype))].sort().join(', '),
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
