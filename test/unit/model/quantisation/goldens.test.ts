import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerModel, type HeaderEntry } from '../support/headerModel.js';

interface Golden {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tensors: readonly HeaderEntry[];
  /** Base64, of tensors that state a shape. */
  readonly contents: Readonly<Record<string, string>>;
  /** Shapes of the unquantised model. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
}

const file = join(import.meta.dirname, '..', '..', '..', 'goldens', 'layouts.json');
const { models } = (JSON.parse(readFileSync(file, 'utf8')) as { 'compressed-tensors': { models: Record<string, Golden> } })[
  'compressed-tensors'
];

/** What each preset of compressed-tensors is to be called. */
const names: Readonly<Record<string, string>> = {
  W8A8: 'int-quantized (8 bits, a scale per row)',
  W4A16: 'pack-quantized (4 bits, groups of 128)',
  W4A16_ASYM: 'pack-quantized (4 bits, groups of 128)',
  W8A16: 'pack-quantized (8 bits, groups of 128)',
  W3A16: 'pack-quantized (3 bits, a scale per row)',
  FP8: 'float-quantized (8 bits, a scale per tensor)',
  FP8_DYNAMIC: 'float-quantized (8 bits, a scale per row)',
  FP8_BLOCK: 'float-quantized (8 bits, blocks of 128 × 128)',
  NVFP4: 'nvfp4-pack-quantized (4 bits, groups of 16)',
  NVFP4A16: 'nvfp4-pack-quantized (4 bits, groups of 16)',
  MXFP4: 'mxfp4-pack-quantized (4 bits, groups of 32)',
  MXFP8: 'mxfp8-quantized (8 bits, groups of 32)',
};

describe('models that compressed-tensors wrote', () => {
  for (const [preset, { settings, tensors, contents, parameters }] of Object.entries(models)) {
    it(`${preset} has the parameters of the model it was made of`, () => {
      const statement = { file: 'config.json', method: 'compressed-tensors', settings };
      const descriptions = new Map(Object.entries(contents).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
      const model = headerModel(tensors, { statement, descriptions });
      assert.equal(model.scheme?.name, `compressed-tensors ${names[preset]!}`);
      assert.deepEqual(Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape])), parameters);
    });
  }
});
