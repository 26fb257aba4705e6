import { plural } from '../../base/format.js';
import { andList, nameList } from '../../base/nameList.js';
import type { Combination } from '../combination.js';
import { codesOf, decodingRemedy } from '../../model/quantisation/index.js';
import type { Refusal } from '../plan.js';
import { narrowPatterns } from './diagnosis/narrowPatterns.js';
import type { InputTensor } from './inputTensors.js';
import type { OpenInput } from './openInputs.js';
import type { TensorFacts } from './planTensors.js';
import { adapterProblem } from './takeAdapters.js';

/** Why a tensor takes no part, by its name: null when it does. */
type Exclusion = (name: string) => string | null;

/**
 * Inputs with weights whose values are not known or not combined: adapters, codes without a formula, dtypes that are only compared.
 * Arithmetic on these would be exact and mean nothing, so no option lifts these refusals but to leave the tensors out.
 * @param template its tensors that are kept as they are need no values, unless all its codes are replaced by values
 */
export function storageRefusals(
  inputs: readonly OpenInput[],
  combination: Combination,
  exclusion: Exclusion,
  template: OpenInput,
  { kept, decodes }: Pick<TensorFacts, 'kept' | 'decodes'>,
): Refusal[] {
  return inputs.flatMap((input) => {
    if (isUntakenAdapter(input)) return [adapterRefusal(input, combination)];
    const weights = input.tensors.filter(({ isBuffer }) => !isBuffer);
    const isKept = ({ name, codes: coded }: InputTensor): boolean =>
      input === template ? kept.has(name) && !(decodes && coded !== null) : exclusion(name) !== null;
    const taking = weights.filter((tensor) => !isKept(tensor));
    return [...codesRefusal(input, taking), ...dtypeRefusal(input, taking)].map((refusal) => withPatterns(refusal, weights));
  });
}

const codes: ReadonlySet<string> = new Set(['is-quantised', 'dtype-not-combined']);

/** Refusals of a plan whose candidates are scored: the values of all weights are needed then, so leaving some out lifts nothing. */
export function scoringRefusals(refusals: readonly Refusal[], inputs: readonly OpenInput[]): Refusal[] {
  const unusable = inputs.flatMap((input) => {
    const weights = input.tensors.filter(({ isBuffer }) => !isBuffer);
    return !isUntakenAdapter(input) ? [...codesRefusal(input, weights), ...dtypeRefusal(input, weights)] : [];
  });
  return [...unusable.map(({ refusal }) => refusal), ...refusals.filter(({ code }) => !codes.has(code))];
}

/** A refusal and the weights that it is about. */
interface AboutWeights {
  readonly refusal: Refusal;
  readonly weights: readonly InputTensor[];
}

/** Adapters that the formula takes are bases with them, or differences. */
function isUntakenAdapter({ checkpoint, diffVector }: OpenInput): boolean {
  return checkpoint.adapter !== null && diffVector === null;
}

function adapterRefusal(input: OpenInput, combination: Combination): Refusal {
  return { severity: 'error', code: 'is-an-adapter', message: adapterProblem(input, combination), file: input.checkpoint.path };
}

function codesRefusal({ role, checkpoint }: OpenInput, taking: readonly InputTensor[]): AboutWeights[] {
  const { path, scheme, parameters } = checkpoint;
  const weights = taking.filter((tensor) => tensor.codes !== null && tensor.recipe === null);
  const [first] = weights;
  if (first === undefined || scheme === null) return [];
  const stored = andList([...new Set(weights.map((tensor) => codesOf(tensor.codes!)))]);
  const found = `${role} is quantised: ${plural(weights.length, 'weight')} of ${parameters.length} ${weights.length === 1 ? 'is' : 'are'} stored as ${stored}.`;
  const message = `${found} Their values are not known, since this tool has no formula for the scheme or a part of its description is missing, and codes are no numbers to add. ${decodingRemedy(scheme)}`;
  return [{ refusal: { severity: 'error', code: 'is-quantised', message, tensor: first.name, file: path }, weights }];
}

function dtypeRefusal({ role, checkpoint: { path } }: OpenInput, taking: readonly InputTensor[]): AboutWeights[] {
  const weights = taking.filter((tensor) => tensor.codes === null && tensor.obstacle !== null);
  const [first] = weights;
  if (first === undefined) return [];
  const dtypes = andList([...new Set(weights.map(({ dtype }) => dtype))]);
  const message = `${plural(weights.length, 'weight')} of ${role} ${weights.length === 1 ? 'is' : 'are'} stored in ${dtypes}, which is compared but not combined: ${nameList(weights.map(({ name }) => name))}. Save that version in BF16, F16 or F32 first.`;
  return [{ refusal: { severity: 'error', code: 'dtype-not-combined', message, tensor: first.name, file: path }, weights }];
}

/** To leave these weights out is an advice where they are the lesser part, and few patterns do it. */
function withPatterns({ refusal, weights }: AboutWeights, all: readonly InputTensor[]): Refusal {
  const names = new Set(weights.map(({ name }) => name));
  const others = all.filter(({ name }) => !names.has(name));
  const isLesserPart = others.filter(({ shape }) => shape.length > 1).length >= weights.length;
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
