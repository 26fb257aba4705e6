import { formatCompact, plural } from '../../base/format.js';
import type { Tensor } from '../../checkpoint/index.js';
import type { CodedStorage } from '../quantisation/index.js';
import { tensorsOf, type Recipe } from '../recipe/index.js';

/** Where a parameter's values come from: a stored tensor, codes of a scheme, or anything else that is computed. Plain data that crosses threads. */
export type ParameterStorage = Recipe | CodedStorage;

/** One weight as the model's code sees it, however it is stored. */
export interface Parameter {
  /** As the unquantised model calls it: `model.layers.0.mlp.up_proj.weight`, also where its codes have other names. */
  readonly name: string;
  /** Null when only codes of a scheme that is not understood are there. */
  readonly shape: readonly number[] | null;
  /** Product of `shape`; null when that is. */
  readonly elementCount: number | null;
  readonly storage: ParameterStorage;
}

/** Every stored tensor that a parameter's values come of. */
export function storedTensorsOf({ storage }: Pick<Parameter, 'storage'>): readonly Tensor[] {
  return storage.kind === 'codes' ? Object.values(storage.parts) : tensorsOf(storage);
}

/** How many parameters a model has. */
export interface ParameterCount {
  readonly count: number;
  /** Weights in codes that are not understood: they are not in `count`, which is then a lower bound. */
  readonly uncountedWeights: number;
}

/** Whether a parameter is another name of one that the model stores too: a tied weight. */
export function isSharedName({ storage }: Pick<Parameter, 'storage'>): boolean {
  return storage.kind === 'stored' && storage.tensor.sharedWith !== undefined;
}

/** Counts what the model's code would: codes as the weights they stand for, tied weights once, buffers and scales not at all. */
export function countParameters(parameters: readonly Parameter[]): ParameterCount {
  let count = 0;
  let uncountedWeights = 0;
  for (const parameter of parameters) {
    if (parameter.elementCount === null) uncountedWeights++;
    else if (!isSharedName(parameter)) count += parameter.elementCount;
  }
  return { count, uncountedWeights };
}

/** `8.03B parameters`; `at least 132K parameters, 14 weights not counted`. */
export function describeParameterCount({ count, uncountedWeights }: ParameterCount): string {
  if (uncountedWeights === 0) return `${formatCompact(count)} parameters`;
  return `at least ${formatCompact(count)} parameters, ${plural(uncountedWeights, 'weight')} not counted`;
}
