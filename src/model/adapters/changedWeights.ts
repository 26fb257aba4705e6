import type { Parameter, ParameterStorage } from '../parameters/index.js';
import { shapeOf } from '../recipe/index.js';
import { readAdapterParts, type AdaptedWeight } from './adapterParts.js';
import type { AdapterSettings } from './adapterSettings.js';
import { transposed } from './products.js';

/** What an adapter has for one weight of its base: the change of it, or the whole of it. */
export interface ChangedWeight {
  readonly name: string;
  readonly shape: readonly number[] | null;
  readonly storage: ParameterStorage;
}

/**
 * What an adapter changes, told without its base: for each module the ΔW that merging it would add, named and shaped as the base's
 * weight, in place of its factors. Tensors that are stored whole stay as they are. Null for adapters that are more than a sum
 * (DoRA, LoHa, IA³…), or whose scale is not stated: their factors mean nothing by themselves.
 */
export function changedWeights(parameters: readonly Parameter[], adapter: AdapterSettings): ChangedWeight[] | null {
  const parts = readAdapterParts(parameters, adapter);
  if (parts.kind === 'obstacle' || parts.weights.some(({ magnitudes }) => magnitudes !== null)) return null;
  return [
    ...parts.weights.map(changeOf),
    ...parts.biases.map(({ name, delta }) => ({ name, shape: shapeOf(delta), storage: delta })),
    ...parts.rows.map(({ name, values }) => ({ name: `${name} (trained rows)`, shape: shapeOf(values), storage: values })),
    ...parts.wholes.map(({ parameter }) => parameter),
  ];
}

function changeOf({ names, delta, orientation }: AdaptedWeight): ChangedWeight {
  const storage = orientation === 'conv1d' ? transposed(delta) : delta;
  return { name: names[0]!, shape: shapeOf(storage), storage };
}
