import { additiveChange, adapterTitle, mergeRemedy, MisfitError } from '../../model/adapters/index.js';
import { adaptedBaseOf, sumOfModels } from '../../model/index.js';
import { FormatError } from '../../base/formatError.js';
import { inputsOf, type Combination } from '../combination.js';
import { inputTensors } from './inputTensors.js';
import type { OpenInput } from './openInputs.js';

/**
 * Adapters among the inputs, as what they mean in the formula: `adapter − base` is that of the base with the adapter, and an adapter that
 * is added by itself is the change that it stores, where that is all it does. Others stay as they are, to be refused.
 * @throws FormatError when an adapter does not fit
 */
export function takeAdapters(combination: Combination, inputs: readonly OpenInput[]): readonly OpenInput[] {
  if (inputs.every(({ checkpoint }) => checkpoint.adapter === null)) return inputs;
  const byRole = new Map(inputs.map((input) => [input.role, input]));
  const target = combination.steps
    .map(({ plus, minus }) => (minus === null ? byRole.get(plus)! : null))
    .find((input) => input?.checkpoint.adapter === null);
  return inputs.map((input) => {
    if (input.checkpoint.adapter === null) return input;
    const base = baseIn(combination, input, byRole);
    if (base !== null) return withBase(input, base);
    const isAdded = combination.steps.every(({ plus, minus }) => minus !== input.role && (plus !== input.role || minus === null));
    return isAdded && target != null && input.expect !== 'checkpoint' ? asChange(input, target) : input;
  });
}

/** The base that an adapter is taken against; null when there is none, or several. */
function baseIn({ steps }: Combination, { role }: OpenInput, inputs: ReadonlyMap<string, OpenInput>): OpenInput | null {
  const [base, ...others] = new Set(steps.flatMap(({ plus, minus }) => (plus === role && minus !== null ? [minus] : [])));
  const found = base === undefined || others.length > 0 ? null : inputs.get(base)!;
  return found?.checkpoint.adapter === null ? found : null;
}

function withBase(input: OpenInput, base: OpenInput): OpenInput {
  const checkpoint = sumOfModels(base.checkpoint, [{ model: input.checkpoint, scale: 1 }]);
  const planned = {
    ...input.planned,
    path: checkpoint.path,
    name: checkpoint.name,
    shards: [...base.planned.shards, ...input.planned.shards],
  };
  return { ...base, role: input.role, expect: input.expect, checkpoint, tensors: inputTensors(checkpoint), planned };
}

function asChange(input: OpenInput, target: OpenInput): OpenInput {
  const { checkpoint } = input;
  const adapter = checkpoint.adapter!;
  const change = fitting(input, target, () => additiveChange(checkpoint.parameters, adapter, adaptedBaseOf(target.checkpoint)));
  if (change.kind !== 'change') return input;
  const { parameters } = change;
  const diffVector = {
    formula: `ΔW of a ${adapterTitle(adapter)}`,
    finetuned: checkpoint.name,
    base: adapter.baseModel ?? '',
    wholeRows: {},
    baseConfig: null,
  };
  return { ...input, tensors: inputTensors({ ...checkpoint, parameters, buffers: [] }), diffVector };
}

function fitting<Result>({ checkpoint: { path } }: OpenInput, target: OpenInput, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    throw new FormatError({
      file: path,
      problem: `this adapter cannot be added to ${target.checkpoint.path}: ${error.message}`,
      remedy: 'Merge it with the library that trained it.',
    });
  }
}

/** Why an adapter is not taken in a formula, as sentences. */
export function adapterProblem({ role, checkpoint }: Pick<OpenInput, 'role' | 'checkpoint'>, combination: Combination): string {
  const { path } = checkpoint;
  const adapter = checkpoint.adapter!;
  const made = adapter.baseModel === null ? '' : ` for ${adapter.baseModel}`;
  const found = `${path}, given as ${role}, is a ${adapterTitle(adapter)}${made}`;
  const change = additiveChange(checkpoint.parameters, adapter, { parameters: [], transposesExperts: null, tiesHead: false });
  switch (change.kind) {
    case 'obstacle':
      return `${found}, which is not applied here: ${change.reason}. ${mergeRemedy(adapter)}`;
    case 'needs its base':
      return `${found}. It is more than a sum, since ${change.reason}: it needs the base that it was trained on. Give that as its base, or name both: ${adapter.baseModel ?? 'BASE'}+${path}.`;
    case 'change': {
      const others = inputsOf(combination).filter((other) => other !== role);
      const use = others.length === 0 ? '' : ' Add it to a model, as in a transfer to a target, or';
      return `${found}, not a model: its tensors are factors of a change.${use === '' ? ' N' : `${use} n`}ame its base before it: ${adapter.baseModel ?? 'BASE'}+${path}.`;
    }
    default:
      return change satisfies never;
  }
}
