import { condition, count, fields, listOf, number, oneOf, text, type Check } from '../../base/json/check.js';
import { isBlockType, isDtype } from '../../checkpoint/index.js';
import type { Recipe } from './recipe.js';

const dtype = condition((value) => typeof value === 'string' && isDtype(value), 'a dtype');
const shape = listOf(count);
const tensor = fields({ name: text, dtype, shape, elementCount: count, shard: count, start: count, byteLength: count });
const stored = fields({ kind: oneOf(['stored']), tensor });
const of: Check = (value) => recipeCheck(value);
const several = condition((value) => Array.isArray(value) && value.length > 0, 'a list that is not empty');
const parts: Check = (value) => several(value) ?? listOf(of)(value);
const table: Check = (value) => (Array.isArray(value) ? listOf(number)(value) : stored(value));

/** Fields of each kind. */
const kinds: Readonly<Record<Recipe['kind'], Check>> = {
  stored,
  strided: fields({ tensor, shape, strides: listOf(number), offset: count }),
  reshaped: fields({ of, shape }),
  part: fields({ of, axis: count, first: count, count, step: count }),
  stack: fields({ of: parts }),
  concatenation: fields({ axis: count, of: parts }),
  transposed: fields({ of }),
  regrouped: fields({ of, first: count, second: count }),
  gathered: fields({ of, indices: tensor }),
  unpacked: fields({ tensor, shape, bits: count, axis: count, order: listOf(count) }),
  blocks: fields({ tensor, shape, type: condition((value) => typeof value === 'string' && isBlockType(value), 'a type of blocks') }),
  lookup: fields({ of, table }),
  blockwise: fields({ operation: oneOf(['multiply', 'divide', 'subtract', 'add']), of, by: of, blockRows: count, blockColumns: count }),
  'low-rank': fields({ scale: number, b: of, a: of }),
  sum: fields({ of: parts }),
  affine: fields({ of, scale: number, shift: number }),
  normalised: fields({ of }),
  rounded: fields({ of, dtype: oneOf(['F32', 'F16', 'BF16']) }),
};

const kind = oneOf(Object.keys(kinds));

/** Whether a JSON value has the fields of a recipe. That its shapes fit each other is not looked at. */
export function recipeCheck(value: unknown): ReturnType<Check> {
  const fault = fields({ kind })(value);
  return fault ?? kinds[(value as Recipe).kind](value);
}
