import { isReadable } from '../../checkpoint/index.js';
import { codesOf } from '../quantisation/index.js';
import type { Recipe } from '../recipe/index.js';
import type { Parameter } from './parameter.js';

/** How the values of a parameter are computed; without a recipe, why they are not, as a clause: `codes of torchao, whose …`. */
export type ParameterValues = { readonly recipe: Recipe; readonly reason: null } | { readonly recipe: null; readonly reason: string };

/** The one way to a parameter's values, however it is stored. */
export function valuesOf({ storage }: Pick<Parameter, 'storage'>): ParameterValues {
  if (storage.kind === 'codes') {
    if (storage.recipe !== null) return { recipe: storage.recipe, reason: null };
    return { recipe: null, reason: `${codesOf(storage)}, whose values are not known` };
  }
  if (storage.kind === 'stored' && !isReadable(storage.tensor.dtype))
    return { recipe: null, reason: `values of ${storage.tensor.dtype}, which are listed and not read` };
  return { recipe: storage, reason: null };
}
