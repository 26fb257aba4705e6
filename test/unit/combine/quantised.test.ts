import assert from 'node:assert/strict';
import type { Dtype } from '../../../src/checkpoint/index.js';
import { diffVector, type CombineRequest } from '../../../src/combine/index.js';
import { unchangedInput } from '../../../src/evaluate/outside/unchangedInput.js';
import type { TensorToWrite } from '../../support/safetensorsFile.js';
import { codes, ModelBench, planned, plannedFile, tensor } from './support/models.js';

const plainConfig = { model_type: 'llama', hidden_size: 256, torch_dtype: 'bfloat16' };
const config = { ...plainConfig, quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] } };
const single = { steps: [{ scale: 1, plus: 'target', minus: null }] };

const names = [0, 1].flatMap((layer) => [`model.layers.${layer}.mlp.up_proj.weight`, `model.layers.${layer}.mlp.down_proj.weight`]);
const norm = tensor('model.norm.weight', [256]);

function plain(dtype: Dtype = 'BF16'): TensorToWrite[] {
  return [...names.map((name) => tensor(name, [256, 128], dtype)), norm];
}

/** The weights of the first layers as codes. */
function blockFp8(layers = 2, codesAs: Dtype = 'F8_E4M3', scales: Dtype = 'F32'): TensorToWrite[] {
  return plain().flatMap((entry) => {
    if (!(Number(/layers\.(\d)/.exec(entry.name)?.[1] ?? 9) < layers)) return [entry];
    return [tensor(entry.name, entry.shape, codesAs), tensor(`${entry.name}_scale_inv`, [2, 1], scales)];
  });
}

describe('the plan of quantised versions', () => {
  const bench = new ModelBench();

  async function write(models: Readonly<Record<'t' | 'f' | 'b', readonly TensorToWrite[]>>): Promise<void> {
    for (const [name, tensors] of Object.entries(models)) {
      const isCoded = tensors.some(({ dtype }) => dtype.startsWith('F8'));
      await bench.write(name, { shards: [tensors], files: { 'config.json': isCoded ? config : plainConfig } });
    }
  }

  it('has values in place of the codes of a target, under the names of the unquantised model, in the dtype of the formula', async () => {
    for (const [scales, dtype] of [
      ['F32', 'F32'],
      ['BF16', 'BF16'],
    ] as const) {
      // prettier-ignore
      await write({ t: blockFp8(2, 'F8_E4M3', scales), f: plain(), b: plain() });
      const plan = await bench.plan();
      assert.deepEqual(plan.refusals, []);
      assert.deepEqual(plan.tensors.map(({ name }) => name).sort(), [...names, norm.name].sort());
      assert.deepEqual(new Set(plan.tensors.filter(({ name }) => names.includes(name)).map((one) => one.dtype)), new Set([dtype]));
      const written = JSON.parse(plannedFile(plan, 'config.json').content!) as Record<string, unknown>;
      assert.deepEqual(written, { ...plainConfig, torch_dtype: dtype === 'F32' ? 'float32' : 'bfloat16' });
    }
  });

  it('says what is decoded and how to quantise it again: in the findings, the plan and the card', async () => {
    await write({ t: blockFp8(), f: blockFp8(), b: plain() });
    const plan = await bench.plan();
    const [target, finetuned] = plan.findings.filter(({ code }) => code.startsWith('decoded'));
    assert.match(
      target!.message,
      /^4 weights of target are stored as codes of block-FP8 .*stored as F32\. To quantise it again: in transf/,
    );
    assert.match(finetuned!.message, /^4 weights of finetuned .* the values they stand for are combined\.$/);
    assert.deepEqual([plan.decoded?.count, plan.decoded?.scheme], [4, 'block-FP8 (blocks of 128 × 128)']);
    assert.match(plannedFile(plan, 'README.md').content!, /4 weights of target were stored as block-FP8 .*FineGrainedFP8Config\(weight_b/);
  });

  it('stores every floating-point tensor in the dtype that is asked for, decoded or not', async () => {
    await write({ t: blockFp8(), f: plain(), b: plain() });
    const plan = await bench.plan({ dtype: 'F16' });
    assert.deepEqual([...new Set(plan.tensors.map(({ dtype }) => dtype))], ['F16']);
  });

  it('decodes all weights of a target or none: those that are left out and those of layers that are codes', async () => {
    await write({ t: blockFp8(1), f: plain(), b: plain() });
    const some = await bench.plan({ exclude: ['*.layers.0.mlp.up_proj.*'] });
    assert.deepEqual([planned(some, names[0]!).action, planned(some, names[0]!).dtype], ['copied', 'F32']);
    assert.equal(some.tensors.some(({ name }) => name.endsWith('_scale_inv')), false); // prettier-ignore
    const none = await bench.plan({ exclude: ['*.layers.0.*'] });
    assert.deepEqual([planned(none, names[0]!).dtype, planned(none, names[2]!).action], ['F8_E4M3', 'combined']);
    assert.deepEqual([planned(none, `${names[0]!}_scale_inv`).action, none.decoded], ['copied', null]);
    assert.ok(codes(none.findings).includes('codes-kept'));
    assert.equal(plannedFile(none, 'config.json').content?.includes('quantization_config') ?? true, true);
  });

  it('counts what is read and written: codes and scales in, values out', async () => {
    await write({ t: blockFp8(), f: plain(), b: plain() });
    const plan = await bench.plan({ dtype: 'BF16' });
    const [coded, value] = [4 * (256 * 128 + 8), 4 * 256 * 128 * 2];
    assert.equal(plan.readByteLength, coded + 2 * value + 3 * 512);
    assert.equal(plan.shards[0]!.dataByteLength, value + 512);
  });

  it('leaves a target as it is that nothing changes, also one of codes without a formula, so that a command is given its folder', async () => {
    for (const codesAs of ['F8_E4M3', 'F8_E4M3FNUZ'] as const) {
      await write({ t: blockFp8(2, codesAs), f: plain(), b: plain() });
      const request: Partial<CombineRequest> = { combination: single };
      const plan = await bench.plan(request);
      assert.deepEqual(plan.refusals, []);
      assert.equal(await unchangedInput(plan), bench.path('t'));
      const zero = await bench.plan({ scales: [{ pattern: null, scale: 0 }] });
      assert.deepEqual(zero.refusals, []);
      assert.equal(planned(zero, names[0]!).dtype, codesAs);
    }
  });

  it('makes diff vectors of them', async () => {
    await write({ t: plain(), f: blockFp8(), b: blockFp8(1) });
    const plan = await bench.plan({ combination: diffVector('finetuned', 'base') });
    assert.deepEqual(plan.refusals, []);
    assert.deepEqual(plan.tensors.map(({ name, dtype }) => `${name} ${dtype}`).sort(), [...names, norm.name].map((name) => `${name} F32`).sort()); // prettier-ignore
  });

  it('keeps the shards of a target whose parts lie in several', async () => {
    const tensors = blockFp8();
    for (const name of ['f', 'b']) await bench.write(name, { shards: [plain()], files: { 'config.json': plainConfig } });
    await bench.write('t', { shards: [tensors.slice(0, 4), tensors.slice(4)], files: { 'config.json': config } });
    const plan = await bench.plan();
    assert.deepEqual(plan.tensors.map(({ shard }) => shard), [0, 0, 1, 1, 1]); // prettier-ignore
    assert.match(plannedFile(plan, 'model.safetensors.index.json').content!, /up_proj\.weight": "model-0000/);
  });

  it('finds fused experts and wrapped names as it does where they are stored plainly', async () => {
    const wrap = (tensors: readonly TensorToWrite[]) => tensors.map((entry) => ({ ...entry, name: `language_model.${entry.name}` }));
    await write({ t: plain(), f: wrap(blockFp8()), b: wrap(blockFp8()) });
    const plan = await bench.plan();
    assert.deepEqual([plan.refusals, planned(plan, names[1]!).action], [[], 'combined']);
    assert.equal(planned(plan, names[1]!).sources[1]!.name, `language_model.${names[1]!}`);
  });
});
