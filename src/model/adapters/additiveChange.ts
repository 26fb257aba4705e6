import type { Parameter } from '../parameters/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import { changesItsBase, readAdapterParts, whyNotAdditive, type AdapterObstacle, type AdaptedWeight } from './adapterParts.js';
import type { AdapterSettings } from './adapterSettings.js';
import { liesTurned, type AdaptedBase } from './applyAdapter.js';
import { transposed } from './products.js';

/** What a purely additive adapter adds to any base, as parameters of a difference. */
export interface AdditiveChange {
  readonly kind: 'change';
  readonly parameters: readonly Parameter[];
}

/** An adapter that needs the base that it was trained on; the reason is a clause about it. */
export interface NeedsItsBase {
  readonly kind: 'needs its base';
  readonly reason: string;
}

/**
 * The change of weights that an adapter stores, where that is all it does: it can be added to another base, exactly.
 * @param target says how its weights lie; those that it lacks, or that have other shapes, stay as the adapter has them
 * @throws MisfitError where shapes do not tell how the target's experts lie
 */
export function additiveChange(
  parameters: readonly Parameter[],
  adapter: AdapterSettings,
  target: AdaptedBase,
): AdditiveChange | NeedsItsBase | AdapterObstacle {
  const parts = readAdapterParts(parameters, adapter);
  if (parts.kind === 'obstacle') return parts;
  const reason = whyNotAdditive(parts, adapter);
  if (reason !== null) return { kind: changesItsBase(adapter) ? 'obstacle' : 'needs its base', reason };
  const known = new Map(target.parameters.map((parameter) => [parameter.name, parameter]));
  const changes = parts.weights.map((weight) => changeFor(weight, known, target));
  return { kind: 'change', parameters: [...changes, ...parts.biases.map(({ name, delta }) => difference(name, delta))] };
}

/** Why an adapter is no difference that can be added to any base, as a clause about it; null when it is. */
export function whyNotAdded(parameters: readonly Parameter[], adapter: AdapterSettings): string | null {
  const change = additiveChange(parameters, adapter, { parameters: [], transposesExperts: null, tiesHead: false });
  return change.kind === 'change' ? null : change.reason;
}

function changeFor(weight: AdaptedWeight, known: ReadonlyMap<string, Parameter>, target: AdaptedBase): Parameter {
  const meant = weight.names.flatMap((name) => known.get(name) ?? []);
  const fitting = meant
    .map((parameter) => ({ parameter, isTurned: liesTurned(weight, parameter, target) }))
    .find(({ isTurned }) => isTurned !== null);
  const isTurned = fitting?.isTurned ?? weight.orientation === 'conv1d';
  const name = fitting?.parameter.name ?? meant[0]?.name ?? weight.names[0]!;
  return difference(name, isTurned ? transposed(weight.delta) : weight.delta);
}

function difference(name: string, storage: Recipe): Parameter {
  const shape = shapeOf(storage);
  return { name, shape, elementCount: shape.reduce((product, size) => product * size, 1), storage };
}
