import { plural } from '../../base/format.js';
import { andList, nameList } from '../../base/nameList.js';
import { adapterTitle, mergeRemedy } from '../../model/adapters/index.js';
import type { Parameter } from '../../model/parameters/index.js';
import { codesOf, decodingRemedy } from '../../model/quantisation/index.js';
import type { Refusal } from '../plan.js';
import { isCombinable } from '../request.js';
import { narrowPatterns } from './diagnosis/narrowPatterns.js';
import type { OpenInput } from './openInputs.js';

/** Why a tensor takes no part, by its name: null when it does. */
type Exclusion = (name: string) => string | null;

/**
 * Inputs whose tensors are not the values of weights: adapters, codes of quantised weights, dtypes that are not combined. Arithmetic
 * on these would be exact and mean nothing, so no option lifts these refusals but to leave the tensors out.
 */
export function storageRefusals(inputs: readonly OpenInput[], exclusion: Exclusion): Refusal[] {
  return inputs.flatMap((input) => {
    if (input.checkpoint.adapter !== null) return [adapterRefusal(input)];
    const { parameters } = input.checkpoint;
    const taking = parameters.filter((parameter) => takesPart(parameter, exclusion));
    return [...codesRefusal(input, taking), ...dtypeRefusal(input, taking), ...layoutRefusal(input, taking)].map((refusal) =>
      withPatterns(refusal, parameters),
    );
  });
}

const codes: ReadonlySet<string> = new Set(['is-quantised', 'dtype-not-combined', 'layout-not-combined']);

/** Refusals of a plan whose candidates are scored: the values of all weights are needed then, so leaving some out lifts nothing. */
export function scoringRefusals(refusals: readonly Refusal[], inputs: readonly OpenInput[]): Refusal[] {
  const unusable = inputs.flatMap((input) => {
    const { adapter, parameters } = input.checkpoint;
    return adapter === null
      ? [...codesRefusal(input, parameters), ...dtypeRefusal(input, parameters), ...layoutRefusal(input, parameters)]
      : [];
  });
  return [...unusable.map(({ refusal }) => refusal), ...refusals.filter(({ code }) => !codes.has(code))];
}

/** A refusal and the weights that it is about. */
interface AboutWeights {
  readonly refusal: Refusal;
  readonly weights: readonly Parameter[];
}

function adapterRefusal({ role, checkpoint: { path, adapter } }: OpenInput): Refusal {
  const base = adapter!.baseModel === null ? '' : ` for ${adapter!.baseModel}`;
  const message = `${path}, given as ${role}, is a ${adapterTitle(adapter!)}${base}, not a model: its tensors are factors of a change. ${mergeRemedy(adapter!)}`;
  return { severity: 'error', code: 'is-an-adapter', message, file: path };
}

/** A weight in codes takes part unless its own name, or those of all its parts, are left out. */
function takesPart({ name, storage }: Parameter, exclusion: Exclusion): boolean {
  if (exclusion(name) !== null) return false;
  return storage.kind !== 'codes' || Object.values(storage.parts).some((part) => exclusion(part.name) === null);
}

function codesRefusal({ role, checkpoint }: OpenInput, taking: readonly Parameter[]): AboutWeights[] {
  const { path, scheme, parameters } = checkpoint;
  const weights = taking.filter(({ storage }) => storage.kind === 'codes');
  const [first] = weights;
  if (first === undefined || scheme === null) return [];
  const found = `${role} is quantised: ${plural(weights.length, 'weight')} of ${parameters.length} ${weights.length === 1 ? 'is' : 'are'} stored as ${andList(scheme.groups.map(codesOf))}.`;
  const message = `${found} Codes are no numbers to add, and their values are not used here yet. ${decodingRemedy(scheme)}`;
  return [{ refusal: { severity: 'error', code: 'is-quantised', message, tensor: first.name, file: path }, weights }];
}

function dtypeRefusal({ role, checkpoint: { path } }: OpenInput, taking: readonly Parameter[]): AboutWeights[] {
  const weights = taking.filter(({ storage }) => storage.kind === 'stored' && !isCombinable(storage.tensor.dtype));
  const [first] = weights;
  if (first === undefined) return [];
  const dtypes = [...new Set(weights.flatMap(({ storage }) => (storage.kind === 'stored' ? storage.tensor.dtype : [])))];
  const message = `${plural(weights.length, 'weight')} of ${role} ${weights.length === 1 ? 'is' : 'are'} stored in ${andList(dtypes)}, which is compared but not combined: ${nameList(weights.map(({ name }) => name))}. Save that version in BF16, F16 or F32 first.`;
  return [{ refusal: { severity: 'error', code: 'dtype-not-combined', message, tensor: first.name, file: path }, weights }];
}

function layoutRefusal({ role, checkpoint: { path } }: OpenInput, taking: readonly Parameter[]): AboutWeights[] {
  const weights = taking.filter(({ storage }) => storage.kind !== 'codes' && storage.kind !== 'stored');
  const [first] = weights;
  if (first === undefined) return [];
  const message = `${plural(weights.length, 'weight')} of ${role} ${weights.length === 1 ? 'is' : 'are'} stored as views or in pieces, which are compared but not combined yet: ${nameList(weights.map(({ name }) => name))}. Save that version as safetensors first.`;
  return [{ refusal: { severity: 'error', code: 'layout-not-combined', message, tensor: first.name, file: path }, weights }];
}

/** To leave these weights out is an advice where they are the lesser part, and few patterns do it. */
function withPatterns({ refusal, weights }: AboutWeights, all: readonly Parameter[]): Refusal {
  const names = new Set(weights.map(({ name }) => name));
  const others = all.filter(({ name }) => !names.has(name));
  const isLesserPart = others.filter(({ shape }) => (shape?.length ?? 0) > 1).length >= weights.length;
  const patterns = isLesserPart
    ? narrowPatterns(
        [...names],
        others.map(({ name }) => name),
      )
    : [];
  if (patterns.length === 0) return refusal;
  const message = `${refusal.message} To combine the other weights, exclude ${andList(patterns.map((pattern) => `'${pattern}'`))}.`;
  return { ...refusal, message, patterns };
}
