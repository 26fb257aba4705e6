import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  applyDelta,
  combineRequest,
  planAdapter,
  planCombine,
  runCombine,
  transfer,
  verify,
  writeAdapter,
  type CombinePlan,
  type CombineRequest,
} from '../../../src/combine/index.js';
import type { StorageDtype } from '../../../src/compute/index.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../src/compute/reference/index.js';
import { openModel, type Model } from '../../../src/model/index.js';
import { parameterValues } from '../../support/parameterValues.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const goldens = join(import.meta.dirname, '..', '..', 'goldens', 'adapters');
const at = temporaryFolder();
let outputs = 0;
const newOutput = (): string => at(`out-${++outputs}`);
const baseOf = (name: string): string => join(goldens, 'bases', readFileSync(join(goldens, name, 'base.txt'), 'utf8').trim());

/** Another base of the same shapes, stored as a dtype. */
async function writeTarget(base: string, dtype: StorageDtype): Promise<string> {
  const model = await openModel(base);
  const folder = at(`target-${dtype}`);
  const tensors = model.parameters.map((parameter, i) => {
    const values = parameterValues(model, parameter).map((value, place) => value * 0.5 + Math.sin(place + i) / 8);
    return { name: parameter.name, dtype, shape: parameter.shape!, bytes: encodeFromFloat64(dtype, values) };
  });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  await cp(join(base, 'config.json'), join(folder, 'config.json'));
  return folder;
}

async function run(request: Pick<CombineRequest, 'combination' | 'inputs'> & Partial<CombineRequest>): Promise<CombinePlan> {
  const plan = await planCombine(combineRequest({ output: newOutput(), ...request }));
  assert.deepEqual(plan.refusals, []);
  await runCombine(plan, { sync: false });
  assert.deepEqual((await verify(plan.output, { deep: true })).differences, []);
  return plan;
}

const any = (role: string, path: string) => ({ role, path, expect: 'any' }) as const;

/** α ∕ r · B·A, each product added up in order of the rank. */
function formedDelta(factors: Model, name: string, scale: number): Float64Array {
  const values = (side: string): Float64Array => {
    const found = factors.parameters.find(
      (parameter) => parameter.name === `base_model.model.${name.replace(/weight$/, `${side}.weight`)}`,
    )!;
    return parameterValues(factors, found);
  };
  const [a, b] = [values('lora_A'), values('lora_B')];
  const rank = 4;
  const [rows, columns] = [b.length / rank, a.length / rank];
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[Math.floor(i / columns) * rank + k]! * a[k * columns + (i % columns)]!;
    return sum * scale;
  });
}

describe('adapters in a combination', () => {
  for (const dtype of ['BF16', 'F16', 'F32'] as const) {
    it(`whose change is a plain sum go onto another base without their own, exactly (${dtype})`, async () => {
      const target = await writeTarget(baseOf('lora'), dtype);
      const plan = await run({
        combination: applyDelta('target', 'finetuned', 0.7),
        inputs: [any('target', target), { role: 'finetuned', path: join(goldens, 'lora'), expect: 'diff-vector' }],
      });
      assert.ok(plan.findings.some(({ code }) => code === 'adapter-added'));
      const [origin, factors, output] = [await openModel(target), await openModel(join(goldens, 'lora')), await openModel(plan.output)];
      for (const parameter of output.parameters) {
        const before = parameterValues(
          origin,
          origin.parameters.find(({ name }) => name === parameter.name)!,
        );
        const isChanged = /(?:q_proj|down_proj)\.weight$/.test(parameter.name);
        const delta = isChanged ? formedDelta(factors, parameter.name, 6 / 4) : new Float64Array(before.length);
        const exact = before.map((value, i) => value + 0.7 * delta[i]!);
        const expected = decodeToFloat64(dtype, encodeFromFloat64(dtype, exact), exact.length);
        assert.deepEqual(parameterValues(output, parameter), expected, parameter.name);
      }
    });
  }

  it('embeddings of an adapter are no output heads', async () => {
    const base = baseOf('mlx-lora');
    const plan = await run({
      combination: applyDelta('target', 'finetuned'),
      inputs: [any('target', base), { role: 'finetuned', path: join(goldens, 'mlx-lora'), expect: 'diff-vector' }],
    });
    const combined = plan.tensors.filter(({ action }) => action === 'combined').map(({ name }) => name);
    assert.deepEqual(combined.sort(), [
      'model.embed_tokens.weight',
      'model.layers.1.mlp.down_proj.weight',
      'model.layers.1.self_attn.q_proj.weight',
    ]);
    assert.ok(plan.findings.some(({ code }) => code === 'adapter-changes-embedding'));
  });

  for (const name of ['lora', 'dora', 'saved-modules', 'trained-tokens', 'conv1d-dora', 'experts', 'biases']) {
    it(`with its base it is the fine-tuned model: ${name}`, async () => {
      const base = baseOf(name);
      const inputs = [any('target', base), any('finetuned', join(goldens, name)), any('base', base)];
      const plan = await run({ combination: transfer('target', 'finetuned', 'base'), inputs });
      assert.equal(plan.inputs[1]!.path, `${base}+${join(goldens, name)}`);
      const [output, expected] = [await openModel(plan.output), await openModel(join(goldens, name, 'expected.safetensors'))];
      for (const parameter of expected.parameters) {
        const [written, merged] = [
          parameterValues(
            output,
            output.parameters.find((other) => other.name === parameter.name)!,
          ),
          parameterValues(expected, parameter),
        ];
        // Float64 merges differ in their last digits, which float32 rounds away but for ties.
        for (const [i, value] of merged.entries())
          assert.ok(Math.abs(written[i]! - value) <= 2 ** -23 * Math.abs(value) + 1e-12, parameter.name);
      }
    });
  }

  const refusals: Readonly<Record<string, readonly [name: string, settings: object, message: RegExp]>> = {
    DoRA: ['dora', {}, /DoRA scales the rows of the sum: it needs the base that it was trained on.*llama\+/],
    'saved modules': ['saved-modules', {}, /stores "lm_head\.weight".* whole: it needs the base/],
    'trained tokens': ['trained-tokens', {}, /rows of trained tokens: it needs the base/],
    'saved embeddings': ['embedding', {}, /stores .*embed_tokens\.weight.* whole: it needs the base/],
    PiSSA: ['lora', { init_lora_weights: 'pissa' }, /not applied here: its initialisation \(pissa\) changed the base/],
    IA3: ['lora', { peft_type: 'IA3' }, /not applied here: adapters of this kind \(IA³\)/],
  };
  for (const [title, [name, settings, message]] of Object.entries(refusals)) {
    it(`what is more than a sum needs its base: ${title}`, async () => {
      const adapter = newOutput();
      await cp(join(goldens, name), adapter, { recursive: true });
      const file = join(adapter, 'adapter_config.json');
      await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...settings }));
      const inputs = [any('target', baseOf(name)), { role: 'finetuned', path: adapter, expect: 'diff-vector' } as const];
      const plan = await planCombine(combineRequest({ combination: applyDelta('target', 'finetuned'), inputs, output: newOutput() }));
      assert.deepEqual(
        plan.refusals.map(({ code }) => code),
        ['is-an-adapter'],
      );
      assert.match(plan.refusals[0]!.message, message);
    });
  }

  it('an adapter in the place of a model is refused, with its address', async () => {
    const inputs = [any('target', join(goldens, 'lora')), any('finetuned', baseOf('lora')), any('base', baseOf('lora'))];
    const plan = await planCombine(combineRequest({ combination: transfer('target', 'finetuned', 'base'), inputs, output: newOutput() }));
    assert.match(plan.refusals[0]!.message, /given as target, is a LoRA adapter.*not a model.*llama\+/);
  });

  it('can be written as an adapter of the new base: the same factors, the factor in alpha', async () => {
    const target = await writeTarget(baseOf('lora'), 'F32');
    for (const name of ['lora', 'patterns-rslora', 'mlx-lora']) {
      const [output, finetuned] = [newOutput(), join(goldens, name)];
      const plan = await planAdapter({ finetuned, target, scale: 0.5, output });
      assert.deepEqual([plan.refusals, plan.weightCount], [[], name === 'mlx-lora' ? 3 : 4]);
      await writeAdapter(plan);
      const [written, expected] = [await openModel(`${target}+${output}`), await openModel(`${target}+${finetuned}*0.5`)];
      assert.equal(written.findings.filter(({ code }) => code === 'adapter-of-other-base').length, 0);
      for (const [i, parameter] of written.parameters.entries())
        assert.deepEqual(parameterValues(written, parameter), parameterValues(expected, expected.parameters[i]!), parameter.name);
      const { baseModel, raw } = (await openModel(output)).adapter!;
      assert.equal(baseModel, target);
      assert.equal(raw['target_modules'] === undefined, name === 'mlx-lora');
      assert.deepEqual((await planAdapter({ finetuned, target, scale: 1, output })).refusals.length, 1);
    }
  });

  it('are not written as adapters where they do not fit, or are more than a sum', async () => {
    const refusalOf = async (name: string, target: string): Promise<string> => {
      const { refusals } = await planAdapter({ finetuned: join(goldens, name), target, scale: 1, output: newOutput() });
      return refusals[0]!.message;
    };
    assert.match(await refusalOf('dora', baseOf('dora')), /more than a sum/);
    assert.match(await refusalOf('lora', baseOf('conv1d')), /does not fit .*gpt2: the base has no/);
    assert.match(await refusalOf('bases/llama', baseOf('lora')), /is no adapter/);
    assert.match(await refusalOf('lora', join(goldens, 'lora')), /given as target, is a LoRA adapter/);
  });

  it('leave nothing behind when they cannot be written', async () => {
    const [output, adapter] = [newOutput(), newOutput()];
    await cp(join(goldens, 'lora'), adapter, { recursive: true });
    const plan = await planAdapter({ finetuned: adapter, target: baseOf('lora'), scale: 1, output });
    const file = join(adapter, 'adapter_model.safetensors');
    await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(8)]));
    await assert.rejects(writeAdapter(plan), /changed since the plan was made/);
    await assert.rejects(writeAdapter({ ...plan, source: { ...plan.source, path: '/nowhere' } }), /nowhere|no such file/i);
    assert.deepEqual(
      (await readdir(at())).filter((name) => name.startsWith(basename(output))),
      [],
    );
  });
});
