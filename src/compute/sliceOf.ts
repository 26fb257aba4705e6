import { bitsOf, type Checkpoint, type Dtype, type Shard } from '../checkpoint/index.js';
import { tensorsOf, valueDtype, type Recipe } from '../model/recipe/index.js';
import type { FileVersion, ValueSlice } from './task.js';

/** Where a parameter's values come from, ready to be cut into slices. */
export interface SlicedRecipe {
  /** What slices are handed to the kernels as: the stored dtype, or what the computed values need. */
  readonly dtype: Dtype;
  /** Elements `[first, first + count)`. */
  slice(first: number, count: number): ValueSlice;
}

/**
 * Prepares slices of a recipe over the tensors of a checkpoint. All slices share one description of its files, so that messages
 * carry it once.
 * @param name of the parameter, for messages
 */
export function sliceRecipe({ shards }: Pick<Checkpoint, 'shards'>, recipe: Recipe, name: string): SlicedRecipe {
  if (recipe.kind === 'stored') return sliceStored(fileVersion(shards[recipe.tensor.shard]!), recipe.tensor);
  const files: Record<number, FileVersion> = {};
  for (const { shard } of tensorsOf(recipe)) files[shard] ??= fileVersion(shards[shard]!);
  const dtype = valueDtype(recipe);
  const size = bitsOf(dtype) / 8;
  return { dtype, slice: (first, count) => ({ recipe, files, tensor: name, dtype, first, byteLength: count * size }) };
}

function sliceStored(file: FileVersion, { name, dtype, start }: { name: string; dtype: Dtype; start: number }): SlicedRecipe {
  const bits = bitsOf(dtype);
  const slice = (first: number, count: number): ValueSlice => ({
    file,
    tensor: name,
    dtype,
    start: start + (first * bits) / 8,
    byteLength: (count * bits) / 8,
  });
  return { dtype, slice };
}

function fileVersion({ path, byteLength, modifiedAt }: Shard): FileVersion {
  return { path, byteLength, modifiedAt };
}
