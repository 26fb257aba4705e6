import type { Dtype, Tensor } from '../../checkpoint/index.js';
import type { Recipe, StoredRecipe } from './recipe.js';

/** Dtypes that float32 holds exactly. */
const withinFloat32: ReadonlySet<Dtype> = new Set<Dtype>(['F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2', 'I8', 'U8', 'I16', 'U16', 'BOOL']);

/** Shape of the values. */
export function shapeOf(recipe: Recipe): readonly number[] {
  switch (recipe.kind) {
    case 'stored':
      return recipe.tensor.shape;
    case 'strided':
    case 'reshaped':
    case 'unpacked':
    case 'blocks':
      return recipe.shape;
    case 'part':
      return shapeOf(recipe.of).with(recipe.axis, recipe.count);
    case 'stack':
      return [recipe.of.length, ...shapeOf(recipe.of[0]!)];
    case 'concatenation': {
      const total = recipe.of.reduce((sum, part) => sum + shapeOf(part)[recipe.axis]!, 0);
      return shapeOf(recipe.of[0]!).with(recipe.axis, total);
    }
    case 'transposed': {
      const shape = shapeOf(recipe.of);
      return [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
    }
    case 'gathered':
      return shapeOf(recipe.of).with(0, recipe.indices.elementCount);
    case 'low-rank':
      return [shapeOf(recipe.b)[0]!, shapeOf(recipe.a)[1]!];
    case 'sum':
      return shapeOf(recipe.of[0]!);
    case 'regrouped':
    case 'lookup':
    case 'blockwise':
    case 'affine':
    case 'normalised':
    case 'rounded':
      return shapeOf(recipe.of);
    default:
      return recipe satisfies never;
  }
}

/** What the values are handed on as: float32 where that holds them exactly, else float64. */
export function valueDtype(recipe: Recipe): 'F32' | 'F64' {
  switch (recipe.kind) {
    case 'stored':
    case 'strided':
      return withinFloat32.has(recipe.tensor.dtype) ? 'F32' : 'F64';
    case 'rounded':
    case 'unpacked':
    case 'blocks':
      return 'F32';
    case 'lookup':
    case 'blockwise':
    case 'low-rank':
    case 'sum':
    case 'affine':
    case 'normalised':
      return 'F64';
    case 'reshaped':
    case 'part':
    case 'transposed':
    case 'regrouped':
    case 'gathered':
      return valueDtype(recipe.of);
    case 'stack':
    case 'concatenation':
      return recipe.of.every((part) => valueDtype(part) === 'F32') ? 'F32' : 'F64';
    default:
      return recipe satisfies never;
  }
}

/** What weights are stored plainly in. */
const plainDtypes: ReadonlySet<Dtype> = new Set<Dtype>(['F64', 'F32', 'F16', 'BF16']);

/** What the values would be stored as by a model that stores them plainly: their own dtype, or the one that their formula rounds to. */
export function plainDtype(recipe: Recipe): Dtype {
  switch (recipe.kind) {
    case 'stored':
    case 'strided':
      return recipe.tensor.dtype;
    case 'rounded':
      return recipe.dtype;
    case 'unpacked':
    case 'blocks':
    case 'lookup':
    case 'low-rank':
      return 'F32';
    case 'affine':
    case 'blockwise':
    case 'normalised': {
      const dtype = plainDtype(recipe.of);
      return plainDtypes.has(dtype) ? dtype : 'F32';
    }
    case 'reshaped':
    case 'part':
    case 'transposed':
    case 'regrouped':
    case 'gathered':
      return plainDtype(recipe.of);
    case 'stack':
    case 'concatenation':
    case 'sum':
      return plainDtype(recipe.of[0]!);
    default:
      return recipe satisfies never;
  }
}

/** Every stored tensor that the values come of, in order; one that is used twice is there twice. */
export function tensorsOf(recipe: Recipe): readonly Tensor[] {
  switch (recipe.kind) {
    case 'stored':
    case 'strided':
    case 'unpacked':
    case 'blocks':
      return [recipe.tensor];
    case 'reshaped':
    case 'part':
    case 'transposed':
    case 'regrouped':
    case 'affine':
    case 'normalised':
    case 'rounded':
      return tensorsOf(recipe.of);
    case 'stack':
    case 'concatenation':
    case 'sum':
      return recipe.of.flatMap(tensorsOf);
    case 'gathered':
      return [...tensorsOf(recipe.of), recipe.indices];
    case 'lookup':
      return 'kind' in recipe.table ? [...tensorsOf(recipe.of), recipe.table.tensor] : tensorsOf(recipe.of);
    case 'blockwise':
      return [...tensorsOf(recipe.of), ...tensorsOf(recipe.by)];
    case 'low-rank':
      return [...tensorsOf(recipe.b), ...tensorsOf(recipe.a)];
    default:
      return recipe satisfies never;
  }
}

/** The same recipe over other tensors. */
export function mapTensors(recipe: Recipe, map: (tensor: Tensor) => Tensor): Recipe {
  const of = (part: Recipe): Recipe => mapTensors(part, map);
  switch (recipe.kind) {
    case 'stored':
      return mapStored(recipe, map);
    case 'strided':
    case 'unpacked':
    case 'blocks':
      return { ...recipe, tensor: map(recipe.tensor) };
    case 'reshaped':
    case 'part':
    case 'transposed':
    case 'regrouped':
    case 'affine':
    case 'normalised':
    case 'rounded':
      return { ...recipe, of: of(recipe.of) };
    case 'stack':
    case 'concatenation':
    case 'sum':
      return { ...recipe, of: recipe.of.map(of) };
    case 'gathered':
      return { ...recipe, of: of(recipe.of), indices: map(recipe.indices) };
    case 'lookup':
      return { ...recipe, of: of(recipe.of), table: 'kind' in recipe.table ? mapStored(recipe.table, map) : recipe.table };
    case 'blockwise':
      return { ...recipe, of: of(recipe.of), by: of(recipe.by) };
    case 'low-rank':
      return { ...recipe, b: of(recipe.b), a: of(recipe.a) };
    default:
      return recipe satisfies never;
  }
}

function mapStored(recipe: StoredRecipe, map: (tensor: Tensor) => Tensor): StoredRecipe {
  return { ...recipe, tensor: map(recipe.tensor) };
}
