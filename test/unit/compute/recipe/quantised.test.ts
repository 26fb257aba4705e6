import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bitsOf } from '../../../../src/checkpoint/index.js';
import { SliceReader } from '../../../../src/compute/sliceReader.js';
import { sliceRecipe, type ValueSlice } from '../../../../src/compute/index.js';
import { openModel, type Model } from '../../../../src/model/index.js';

const goldens = join(import.meta.dirname, '../../../goldens/quantised');
const cases = readdirSync(goldens, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Values of a parameter in slices that cut rows and blocks. */
function valuesOf(model: Model, name: string, step: number): Float32Array {
  const { storage, elementCount, shape } = model.parameters.find((parameter) => parameter.name === name)!;
  assert.ok(storage.kind === 'codes' && storage.recipe !== null && elementCount !== null, `${name} of shape ${String(shape)} has a recipe`);
  const source = sliceRecipe(model, storage.recipe, name);
  assert.equal(source.dtype, 'F32');
  const reader = new SliceReader();
  const values = new Float32Array(elementCount);
  for (let first = 0; first < elementCount; first += step) {
    read(reader, source.slice(first, Math.min(step, elementCount - first)), values.subarray(first, first + step));
  }
  return values;
}

function read(reader: SliceReader, slice: ValueSlice, values: Float32Array): void {
  const bytes = new Uint8Array(slice.byteLength);
  reader.read(slice, bytes);
  values.set(new Float32Array(bytes.buffer));
}

describe('values of quantised weights equal numpy and, where it agrees with itself, the library that wrote them', () => {
  it('there is a golden for each scheme', () => assert.ok(cases.length >= 30, String(cases.length)));

  for (const name of cases) {
    it(name, async () => {
      const model = await openModel(join(goldens, name));
      const expected = await openModel(join(goldens, name, 'expected.safetensors'));
      for (const tensor of expected.tensors) {
        const stored = sliceRecipe(expected, { kind: 'stored', tensor }, tensor.name);
        const wanted = new Float32Array(tensor.elementCount);
        read(new SliceReader(), stored.slice(0, tensor.elementCount), wanted);
        for (const step of [tensor.elementCount, 97]) {
          const values = valuesOf(model, tensor.name, step);
          const place = values.findIndex((value, i) => !Object.is(value, wanted[i]));
          assert.equal(place, -1, `element ${place} is ${values[place]}, not ${wanted[place]} (${bitsOf('F32')} bits, slices of ${step})`);
        }
      }
    });
  }
});
