import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel, type Model } from '../../../../src/model/index.js';
import type { Parameter } from '../../../../src/model/parameters/index.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { parameterValues } from '../../../support/parameterValues.js';

const goldens = join(import.meta.dirname, '..', '..', '..', 'goldens', 'adapters');
const names = readdirSync(goldens).filter((name) => name !== 'bases');
const baseOf = (name: string): string => join(goldens, 'bases', readFileSync(join(goldens, name, 'base.txt'), 'utf8').trim());
const sumOf = (name: string): string => `${baseOf(name)}+${join(goldens, name)}`;

function parameterOf({ parameters }: Model, name: string): Parameter {
  const found = parameters.find((parameter) => parameter.name === name);
  assert.ok(found, name);
  return found;
}

function assertClose(actual: Float64Array, expected: Float64Array, title: string): void {
  assert.equal(actual.length, expected.length, title);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  assert.ok(worst <= 1e-13 * largest, `${title}: ${worst} of ${largest}`);
}

/** Files of a golden adapter in a folder, with other settings. */
async function withSettings(name: string, settings: object, body: (adapter: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const adapter = join(folder, 'adapter');
    await cp(join(goldens, name), adapter, { recursive: true });
    const file = join(adapter, 'adapter_config.json');
    await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...settings }));
    await body(adapter);
  });
}

describe('base + adapter is the model that the library merges', () => {
  for (const name of names) {
    it(name, async () => {
      const [base, sum, expected] = [await openModel(baseOf(name)), await openModel(sumOf(name)), await openExpected(name)];
      const changed = new Set(expected.parameters.map((parameter) => parameter.name));
      for (const parameter of expected.parameters) {
        const merged = parameterOf(sum, parameter.name);
        assertClose(parameterValues(sum, merged), parameterValues(expected, parameter), parameter.name);
      }
      for (const parameter of sum.parameters) {
        if (!changed.has(parameter.name))
          assertClose(parameterValues(sum, parameter), parameterValues(base, parameterOf(base, parameter.name)), parameter.name);
      }
      assert.deepEqual([sum.adapter, sum.folder, sum.config], [null, base.folder, base.config]);
      assert.equal(sum.parameters.length, base.parameters.length);
    });
  }
});

function openExpected(name: string): Promise<Model> {
  return openModel(join(goldens, name, 'expected.safetensors'));
}

describe('sums of several adapters', () => {
  it('add what each changes, in order, with its factor', async () => {
    const [lora, patterns] = [join(goldens, 'lora'), join(goldens, 'patterns-rslora')];
    const base = await openModel(baseOf('lora'));
    const sum = await openModel(`${base.path}+${lora}*0.5+${patterns}*-2e0`);
    const [first, second] = [await openExpected('lora'), await openExpected('patterns-rslora')];
    for (const { name } of first.parameters) {
      const valuesIn = (model: Model): Float64Array => parameterValues(model, parameterOf(model, name));
      const [origin, one, two] = [valuesIn(base), valuesIn(first), valuesIn(second)];
      const expected = origin.map((value, i) => value + 0.5 * (one[i]! - value) - 2 * (two[i]! - value));
      assertClose(valuesIn(sum), expected, name);
    }
    assert.equal(sum.path, `${base.path}+${lora}*0.5+${patterns}*-2`);
    assert.equal(sum.name, 'llama+lora*0.5+patterns-rslora*-2');
    assert.equal((await openModel(sum.path)).path, sum.path);
  });

  it('of a file or folder whose name holds a plus are that file', async () => {
    await inTemporaryFolder(async (folder) => {
      await cp(baseOf('lora'), join(folder, 'a+b'), { recursive: true });
      await cp(join(goldens, 'lora'), join(folder, 'ad*2+x'), { recursive: true });
      assert.equal((await openModel(join(folder, 'a+b'))).name, 'a+b');
      const sum = await openModel(`${join(folder, 'a+b')}+${join(folder, 'ad*2+x')}`);
      assert.ok(sum.findings.some(({ code, message }) => code === 'adapter-applied' && message.includes('changes 4 weights')));
    });
  });
});

describe('adapters that do not fit are refused, with what was found', () => {
  const refusals: Readonly<Record<string, readonly [golden: string, base: string, settings: object, message: RegExp]>> = {
    'another base': ['lora', 'gpt2', {}, /does not fit .*gpt2.*no "model\.layers\.0\..*It was made for llama\. Give the base/],
    'PiSSA changes its base': [
      'lora',
      'llama',
      { init_lora_weights: 'pissa_niter_4' },
      /initialisation \(pissa_niter_4\).*path_initial_model_for_weight_conversion/,
    ],
    'other kinds, by name': ['lora', 'llama', { peft_type: 'LOHA' }, /LoHa.*only LoRA and DoRA/],
    'variants of LoRA, by name': ['lora', 'llama', { use_qalora: true }, /variant of LoRA: QALoRA/],
    'no alpha': ['lora', 'llama', { lora_alpha: null }, /alpha is not stated/],
    'patterns that could take for ever': ['lora', 'llama', { alpha_pattern: { '(a+)+q_proj': 1 } }, /expression "\(a\+\)\+q_proj"/],
    'trained tokens that are not named': ['trained-tokens', 'llama', { trainable_token_indices: [1] }, /trainable_token_indices/],
  };
  for (const [title, [golden, base, settings, message]] of Object.entries(refusals)) {
    it(title, () =>
      withSettings(golden, settings, (adapter) => assert.rejects(openModel(`${join(goldens, 'bases', base)}+${adapter}`), message)),
    );
  }

  it('a factor for what is more than a sum', () => assert.rejects(openModel(`${sumOf('dora')}*0.5`), /more than a sum.*interpolate/));
  it('a model in the place of an adapter', () =>
    assert.rejects(openModel(`${baseOf('lora')}+${baseOf('lora')}`), /no adapter, although it follows a plus/));
  it('an adapter in the place of the base', () =>
    assert.rejects(openModel(`${join(goldens, 'lora')}+${join(goldens, 'lora')}`), /stands where a base is expected/));
  it('nothing there', () => assert.rejects(openModel(`${baseOf('lora')}+/nowhere/at all`), /\/nowhere\/at all: /));
  it('square experts of an architecture that is not known', () =>
    inTemporaryFolder(async (folder) => {
      await cp(baseOf('experts-transposed'), folder, { recursive: true });
      await rename(join(folder, 'config.json'), join(folder, 'kept.json'));
      await assert.rejects(
        openModel(`${folder}+${join(goldens, 'experts-transposed')}`),
        /lies as \[experts, in, out\] or \[experts, out, in\]/,
      );
    }));

  it('a base of another name is remarked upon', async () => {
    await withSettings('lora', { base_model_name_or_path: 'acme/other' }, async (adapter) => {
      const { findings } = await openModel(`${baseOf('lora')}+${adapter}`);
      assert.ok(findings.some(({ code, message }) => code === 'adapter-of-other-base' && message.includes('acme/other')));
    });
    const { findings } = await openModel(sumOf('lora'));
    assert.ok(!findings.some(({ code }) => code === 'adapter-of-other-base'));
  });
});
