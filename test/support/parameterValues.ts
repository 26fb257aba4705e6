import { SliceReader } from '../../src/compute/sliceReader.js';
import { sliceRecipe } from '../../src/compute/index.js';
import { decodeToFloat64 } from '../../src/compute/reference/index.js';
import type { Model } from '../../src/model/index.js';
import type { Parameter } from '../../src/model/parameters/index.js';

/** All values of a small parameter, however it is stored. */
export function parameterValues(model: Model, { name, storage, elementCount }: Parameter): Float64Array {
  const recipe = storage.kind === 'codes' ? storage.recipe! : storage;
  const sliced = sliceRecipe(model, recipe, name);
  const whole = sliced.slice(0, elementCount!);
  const bytes = new Uint8Array(whole.byteLength);
  new SliceReader().read(whole, bytes);
  return decodeToFloat64(sliced.dtype, bytes, elementCount!);
}
