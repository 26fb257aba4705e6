import type { Dtype, Tensor } from '../../checkpoint/index.js';
import type { Model } from '../../model/index.js';
import { storedTensorsOf, valuesOf, type Parameter } from '../../model/parameters/index.js';
import { codesOf, type CodedStorage } from '../../model/quantisation/index.js';
import { plainDtype, shapeOf, tensorsOf, valueDtype, type Recipe } from '../../model/recipe/index.js';
import type { PlannedSource, StoredSource } from '../plan.js';
import { isCombinable } from '../request.js';

/** What a version has under one name: the values of a parameter, or of a buffer that is none. */
export interface InputTensor {
  readonly name: string;
  /** As the model's code has it; empty when only codes of a scheme that is not understood are there. */
  readonly shape: readonly number[];
  /** What it is stored as; of computed values, what their formula rounds to (`plainDtype`). */
  readonly dtype: Dtype;
  readonly recipe: Recipe | null;
  /** Why its values are not combined, as a clause; null when they can be. */
  readonly obstacle: string | null;
  /** Present where codes stand for the values. */
  readonly codes: CodedStorage | null;
  readonly isBuffer: boolean;
  /** Index into the version's shards: of what comes of several, the first. */
  readonly shard: number;
}

/** Everything that a version stores, in the order in which it does, as far as its parameters follow that. */
export function inputTensors({ tensors, parameters, buffers }: Pick<Model, 'tensors' | 'parameters' | 'buffers'>): InputTensor[] {
  const list: InputTensor[] = [];
  let [parameter, buffer] = [0, 0];
  for (const tensor of tensors) {
    if (buffers[buffer] === tensor) {
      list.push(ofBuffer(tensor));
      buffer++;
    } else
      while (parameter < parameters.length && comesOf(parameters[parameter]!, tensor)) list.push(ofParameter(parameters[parameter++]!));
  }
  while (parameter < parameters.length) list.push(ofParameter(parameters[parameter++]!));
  return list;
}

function comesOf({ storage }: Parameter, tensor: Tensor): boolean {
  return storage.kind === 'stored' ? storage.tensor === tensor : storedTensorsOf({ storage }).includes(tensor);
}

function ofParameter({ name, shape, storage }: Parameter): InputTensor {
  const { recipe, reason } = valuesOf({ storage });
  const [first] = storedTensorsOf({ storage });
  const dtype = recipe === null ? first!.dtype : plainDtype(recipe);
  const obstacle = reason ?? (isCombinable(dtype) ? null : `values of ${dtype}, which are compared but not combined`);
  const codes = storage.kind === 'codes' ? storage : null;
  return { name, shape: shape ?? [], dtype, recipe, obstacle, codes, isBuffer: false, shard: first!.shard };
}

function ofBuffer(tensor: Tensor): InputTensor {
  const { name, shape, dtype, shard } = tensor;
  const obstacle = isCombinable(dtype) ? null : `values of ${dtype}`;
  return { name, shape, dtype, recipe: { kind: 'stored', tensor }, obstacle, codes: null, isBuffer: true, shard };
}

/** The stored tensor that the values are as they are; null where they are computed. */
export function storedTensor({ recipe }: Pick<InputTensor, 'recipe'>): Tensor | null {
  return recipe?.kind === 'stored' ? recipe.tensor : null;
}

/** Where a tensor's values come from, as the plan says it; of the output's own name there is one string for all inputs. */
export function toSource({ name, recipe }: Pick<InputTensor, 'name' | 'recipe'>, outputName: string): PlannedSource {
  if (recipe === null) throw new Error(`internal: the values of ${name} are not known`);
  const planned = name === outputName ? outputName : name;
  if (recipe.kind === 'stored') return storedSource(recipe.tensor, planned);
  const byteLength = [...new Set(tensorsOf(recipe))].reduce((sum, tensor) => sum + tensor.byteLength, 0);
  return { name: planned, dtype: valueDtype(recipe), shape: shapeOf(recipe), recipe, byteLength };
}

/** A stored tensor as it is. */
export function storedSource({ dtype, shape, shard, start, byteLength }: Tensor, name: string): StoredSource {
  return { name, dtype, shape, shard, start, byteLength };
}

/** `block-FP8 (blocks of 128 × 128)`, `BF16`. */
export function describeTensor({ codes, dtype }: InputTensor): string {
  return codes === null ? dtype : codesOf(codes);
}
