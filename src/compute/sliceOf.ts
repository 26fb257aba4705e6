import { bitsOf, type Dtype, type Tensor } from '../checkpoint/index.js';
import { tensorsOf, valueDtype, type Recipe } from '../model/recipe/index.js';
import type { FileVersion, ValueSlice } from './task.js';

/** Files of weights, by the `shard` of their tensors. */
export interface WeightsFiles {
  readonly shards: readonly FileVersion[];
}

type StoredPlace = Pick<Tensor, 'name' | 'dtype' | 'start' | 'shard'>;

/** Where a parameter's values come from, ready to be cut into slices. */
export interface SlicedRecipe {
  /** What slices are handed to the kernels as: the stored dtype, or what the computed values need. */
  readonly dtype: Dtype;
  /** Elements `[first, first + count)`. */
  slice(first: number, count: number): ValueSlice;
}

/**
 * Prepares slices of a recipe over the tensors of some files. All slices share one description of its files, so that messages
 * carry it once.
 * @param name of the parameter, for messages
 */
export function sliceRecipe({ shards }: WeightsFiles, recipe: Recipe, name: string): SlicedRecipe {
  if (recipe.kind === 'stored') return sliceStored({ shards }, recipe.tensor);
  const files = filesOf({ shards }, recipe);
  const dtype = valueDtype(recipe);
  const size = bitsOf(dtype) / 8;
  return { dtype, slice: (first, count) => ({ recipe, files, tensor: name, dtype, first, byteLength: count * size }) };
}

/** The files of a recipe's tensors, by their `shard`. */
export function filesOf({ shards }: WeightsFiles, recipe: Recipe): Readonly<Record<number, FileVersion>> {
  const files: Record<number, FileVersion> = {};
  for (const { shard } of tensorsOf(recipe)) files[shard] ??= fileVersion(shards[shard]!);
  return files;
}

/** As `sliceRecipe`, of a tensor as it is stored. */
export function sliceStored({ shards }: WeightsFiles, { name, dtype, start, shard }: StoredPlace): SlicedRecipe {
  const file = fileVersion(shards[shard]!);
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

const versions = new WeakMap<FileVersion, FileVersion>();

/** One object for a file: a message carries it once, however many tensors it has slices of. */
function fileVersion(shard: FileVersion): FileVersion {
  const { path, byteLength, modifiedAt } = shard;
  const version = versions.get(shard) ?? { path, byteLength, modifiedAt };
  versions.set(shard, version);
  return version;
}
