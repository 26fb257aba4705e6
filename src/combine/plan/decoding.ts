import { plural } from '../../base/format.js';
import { andList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import { codesOf } from '../../model/quantisation/index.js';
import type { InputTensor } from './inputTensors.js';
import type { PlannedTensor } from '../plan.js';
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
    const coded = input.tensors.filter(({ codes }) => codes !== null);
    if (coded.length === 0) return [];
    const weights = `${plural(coded.length, 'weight')} of ${input.role} ${coded.length === 1 ? 'is' : 'are'} stored as ${schemesOf(coded)}`;
    if (input !== template || roles.kind === 'diff-vector')
      return [finding('decoded-source', `${weights}: the values they stand for are combined.`)];
    if (!decodes) return [finding('codes-kept', `${weights}. Nothing changes them, so the output has the same codes.`)];
    const names = new Set(coded.map(({ name }) => name));
    const dtypes = [...new Set(tensors.filter(({ name }) => names.has(name)).map(({ dtype }) => dtype))];
    return [finding('decoded-target', `${weights}: the output has their values instead, stored as ${andList(dtypes)}.`)];
  });
}

function schemesOf(coded: readonly InputTensor[]): string {
  return andList([...new Set(coded.map(({ codes }) => codesOf(codes!)))]);
}

function finding(code: string, message: string): Finding {
  return { severity: 'info', code, message };
}
