import { plural } from '../../base/format.js';
import { andList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import { codesOf, describeCoding, groupCodings, quantisingCommand, type CodedGroup } from '../../model/quantisation/index.js';
import type { DecodedWeights, PlannedTensor } from '../plan.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';

/** What becomes of the codes of quantised versions; `tensors` are the output's. */
export function decodingFindings(
  roles: Roles,
  inputs: readonly OpenInput[],
  decodes: boolean,
  tensors: readonly PlannedTensor[],
): Finding[] {
  const template = inputs[roles.template]!;
  return inputs.flatMap((input): Finding[] => {
    const groups = codingsOf(input);
    if (groups.length === 0) return [];
    const count = countOf(groups);
    const weights = `${plural(count, 'weight')} of ${input.role} ${count === 1 ? 'is' : 'are'} stored as ${andList(groups.map(codesOf))}`;
    if (input !== template || roles.kind === 'diff-vector')
      return [finding('decoded-source', `${weights}: the values they stand for are combined.`)];
    if (!decodes) return [finding('codes-kept', `${weights}. Nothing changes them, so the output has the same codes.`)];
    const stored = `${weights}: the output has their values instead, stored as ${andList(dtypesOf(input, tensors))}.`;
    return [finding('decoded-target', `${stored}${quantiseAgain(quantisingCommand(groups))}`)];
  });
}

/** What of the template is decoded in an output; null where it is not. */
export function decodedWeights(template: OpenInput, decodes: boolean): DecodedWeights | null {
  const groups = codingsOf(template);
  if (!decodes || groups.length === 0) return null;
  const scheme = andList(groups.map(describeCoding));
  return { count: countOf(groups), scheme, quantisingCommand: quantisingCommand(groups) };
}

/** ` To quantise it again: mlx_lm.convert …`; empty without a command. */
export function quantiseAgain(command: string | null): string {
  return command === null ? '' : ` To quantise it again: ${command}.`;
}

function codingsOf({ tensors }: OpenInput): CodedGroup[] {
  return groupCodings(tensors.flatMap(({ codes }) => codes ?? []));
}

function countOf(groups: readonly CodedGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function dtypesOf(input: OpenInput, tensors: readonly PlannedTensor[]): string[] {
  const names = new Set(input.tensors.flatMap(({ name, codes }) => (codes === null ? [] : name)));
  return [...new Set(tensors.filter(({ name }) => names.has(name)).map(({ dtype }) => dtype))];
}

function finding(code: string, message: string): Finding {
  return { severity: 'info', code, message };
}
