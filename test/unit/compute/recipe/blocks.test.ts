import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modifiedAtOf } from '../../../../src/base/modifiedAt.js';
import { blockTypes, isBlockType, openCheckpoint, type Tensor } from '../../../../src/checkpoint/index.js';
import { FileReader } from '../../../../src/compute/fileReader.js';
import { RecipeReader } from '../../../../src/compute/recipe/index.js';
import type { BlocksRecipe } from '../../../../src/model/recipe/index.js';

/** Made by scripts/goldens/gguf_goldens.py with the Python package gguf. */
const goldens = 'test/goldens/gguf';
const codes = join(goldens, 'blocks.gguf');

function recipeOf(tensor: Tensor): BlocksRecipe {
  const { type, shape } = tensor.blocks!;
  assert.ok(isBlockType(type));
  return { kind: 'blocks', tensor, shape, type };
}

async function read(recipe: BlocksRecipe, first: number, count: number): Promise<Float32Array> {
  const { size, mtimeNs } = await stat(codes, { bigint: true });
  const files = { 0: { path: codes, byteLength: Number(size), modifiedAt: modifiedAtOf({ mtimeNs }) } };
  const target = new Uint8Array(count * 4);
  const reader = new FileReader();
  new RecipeReader(reader).read({ recipe, files, tensor: 'w', dtype: 'F32', first, byteLength: target.byteLength }, target);
  reader.close();
  return new Float32Array(target.buffer);
}

async function expectedOf(name: string): Promise<Float32Array> {
  const path = join(goldens, 'blocks.safetensors');
  const { start, byteLength } = (await openCheckpoint(path)).tensors.find((tensor) => tensor.name === name)!;
  return new Float32Array((await readFile(path)).buffer.slice(start, start + byteLength));
}

function assertEqual(actual: Float32Array, expected: Float32Array, title: string): void {
  const place = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  assert.equal(place, -1, `${title}: value ${place} is ${actual[place]}, not ${expected[place]}`);
}

describe('blocks of GGUF: every type has the values that the gguf package gives it, bit for bit', () => {
  for (const type of Object.keys(blockTypes)) {
    it(type, async () => {
      const { tensors } = await openCheckpoint(codes);
      const recipe = recipeOf(tensors.find(({ name }) => name === type)!);
      const expected = await expectedOf(type);
      assertEqual(await read(recipe, 0, expected.length), expected, 'whole');
      for (const [first, end] of [
        [1, 2047],
        [31, 33],
        [511, 1537],
        [700, 701],
        [1000, 1300],
      ] as const)
        assertEqual(await read(recipe, first, end - first), expected.subarray(first, end), `from ${first}`);
    });
  }
});
