import assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computeTensorDetail, type DiffReport } from '../../../src/compare/index.js';
import { describeCoverage, describeStatuses, reportFromJson, reportToJson, verdictOf } from '../../../src/compare/report/index.js';
import { openModel } from '../../../src/model/index.js';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../compute/support/chunks.js';
import { compareFiles } from './support/compareFiles.js';

const quantised = join(import.meta.dirname, '../../goldens/quantised');

function float32(name: string, shape: readonly number[], values: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape, bytes: encode('F32', values) };
}

describe('a comparison speaks of what versions mean', () => {
  const at = temporaryFolder();

  async function write(name: string, tensors: readonly TensorToWrite[], files: Readonly<Record<string, unknown>> = {}): Promise<string> {
    await writeSafetensors(at(name, 'model.safetensors'), tensors);
    for (const [file, content] of Object.entries(files)) await writeFile(at(name, file), JSON.stringify(content));
    return at(name);
  }

  async function writeAdapter(name: string, alpha: number, b: readonly number[], a: readonly number[], rank: number): Promise<string> {
    const module = 'base_model.model.model.layers.0.self_attn.q_proj';
    const tensors = [float32(`${module}.lora_A.weight`, [rank, 3], a), float32(`${module}.lora_B.weight`, [2, rank], b)];
    await writeSafetensors(at(name, 'adapter_model.safetensors'), tensors);
    const config = { peft_type: 'LORA', r: rank, lora_alpha: alpha, target_modules: ['q_proj'], init_lora_weights: true };
    await writeFile(at(name, 'adapter_config.json'), JSON.stringify(config));
    return at(name);
  }

  const entryOf = (report: DiffReport, name: string) => report.tensors.find((tensor) => tensor.name === name)!;

  it('a model and its quantised copy: the error of the values, the scheme in place of a dtype, full coverage', async () => {
    const report = await compareFiles(
      join(quantised, 'gptq-4bit', 'expected.safetensors'),
      join(quantised, 'gptq-4bit', 'model.safetensors'),
    );
    const { status, schemeA, schemeB, normDelta, comparedCount } = entryOf(report, 'model.layers.0.mlp.up_proj.weight');
    assert.deepEqual([status, schemeA, schemeB, normDelta], ['retyped', null, 'GPTQ (4 bits, groups of 32)', 0]);
    assert.equal(comparedCount, 64 * 128);
    assert.equal(report.summary.coverage?.compared, 64 * 128);
  });

  it('the same codes under another formula are stored otherwise, whatever their bytes', async () => {
    const [v1, v2] = [join(quantised, 'gptq-4bit'), at('read-as-v2')];
    await cp(v1, v2, { recursive: true });
    await cp(join(quantised, 'gptq-4bit-v2', 'config.json'), join(v2, 'config.json'));
    const report = await compareFiles(v1, v2);
    const { status, schemeB, changedCount } = entryOf(report, 'model.layers.0.mlp.up_proj.weight');
    assert.deepEqual([status, schemeB, changedCount], ['retyped', 'GPTQ v2 (4 bits, groups of 32)', 64 * 128]);
    assert.equal(verdictOf(report), 'different');
  });

  it('the same codes in another file are identical; other codes are counted one by one, and enter no norm by themselves', async () => {
    await cp(join(quantised, 'awq-4bit'), at('copy'), { recursive: true });
    const same = await compareFiles(join(quantised, 'awq-4bit'), at('copy'));
    assert.equal(verdictOf(same), 'identical');
    const codes = (first: number): TensorToWrite => ({
      name: 'w.weight',
      dtype: 'U8',
      shape: [2, 2],
      bytes: Uint8Array.of(first, 2, 3, 4),
    });
    const unknown = await compareFiles(await write('codes-a', [codes(0x11)]), await write('codes-b', [codes(0x21)]));
    const { status, codes: counts, normDelta } = entryOf(unknown, 'w.weight');
    assert.deepEqual([status, counts, normDelta], ['changed', { compared: 4, changed: 1 }, null]);
    assert.equal(unknown.summary.normDelta, null);
  });

  it('says what share of the parameters was compared, and decides nothing about the rest', async () => {
    const kept = float32('a.weight', [1, 2], [1, 2]);
    const report = await compareFiles(
      await write('plain', [kept, float32('b.weight', [2, 3], [1, 2, 3, 4, 5, 6])]),
      await write('coded', [kept, { name: 'b.weight', dtype: 'F8_E4M3FNUZ', shape: [2, 3], bytes: new Uint8Array(6) }]),
    );
    assert.match(describeCoverage(report.summary) ?? '', /^compared 25\.0% of the parameters \(2 of 8\)/);
    assert.equal(verdictOf(report), 'undecided');
  });

  it('counters and positions have rows of their own and enter no total', async () => {
    const counter = (value: bigint): TensorToWrite => ({
      name: 'bn.num_batches_tracked',
      dtype: 'I64',
      shape: [1],
      bytes: new Uint8Array(BigInt64Array.of(value).buffer),
    });
    const weights = [float32('w.weight', [1, 2], [3, 4]), float32('w.weight', [1, 2], [3, 5])];
    const report = await compareFiles(
      await write('bn-a', [weights[0]!, counter(2n ** 60n)]),
      await write('bn-b', [weights[1]!, counter(2n ** 60n + 1n)]),
    );
    assert.deepEqual([report.summary.normA, report.summary.normDelta, report.summary.changedCount], [5, 1, 1]);
    const { kind, status, changedCount } = entryOf(report, 'bn.num_batches_tracked');
    assert.deepEqual([kind, status, changedCount], ['buffer', 'changed', 1]);
  });

  it('adapters are compared by what they change: the same ΔW in another rank is equal up to rounding, twice the alpha twice as much', async () => {
    const one = await writeAdapter('rank-1', 2, [1, 2], [3, 5, 7], 1);
    const two = await writeAdapter('rank-2', 4, [1, 0, 2, 0], [3, 5, 7, 9, 9, 9], 2);
    const strong = await writeAdapter('alpha', 4, [1, 2], [3, 5, 7], 1);
    const same = await compareFiles(one, two);
    const equal = entryOf(same, 'model.layers.0.self_attn.q_proj.weight');
    assert.deepEqual([equal.status, equal.schemeA, equal.shapeA], ['equal', "an adapter's ΔW", [2, 3]]);
    assert.ok(equal.normDelta! < 1e-12 && equal.normA === Math.sqrt(4 * 5 * 83));
    assert.deepEqual([verdictOf(same), describeStatuses(same.summary)], ['equal', '1 equal up to rounding']);
    const report = await compareFiles(one, strong);
    assert.ok(Math.abs(report.summary.relativeChange! - 1) < 1e-12);
    assert.deepEqual([report.companions?.adapter, report.companions?.making], [[], [{ name: 'lora_alpha', a: '2', b: '4' }]]);
    assert.equal(verdictOf(report), 'different');
    assert.deepEqual(report.companions?.making, reportFromJson(reportToJson(report)).companions?.making);
    const { maxAbsDelta, changedCount, histogram, nonFiniteB } = entryOf(report, 'model.layers.0.self_attn.q_proj.weight');
    assert.deepEqual([maxAbsDelta, changedCount, histogram, nonFiniteB], [null, null, null, 0]);
  });

  it('the same adapter is identical, also in another folder', async () => {
    const one = await writeAdapter('first', 2, [1, 2], [3, 5, 7], 1);
    const other = await writeAdapter('second', 2, [1, 2], [3, 5, 7], 1);
    const report = await compareFiles(one, other);
    assert.deepEqual([verdictOf(report), report.summary.changedCount, report.summary.maxAbsDelta], ['identical', 0, 0]);
  });

  it('adapters with NaN are compared value by value', async () => {
    const one = await writeAdapter('finite', 2, [1, 2], [3, 5, 7], 1);
    const broken = await writeAdapter('broken', 2, [1, 2], [3, NaN, 8], 1);
    const { status, nonFiniteB, comparedCount, normDelta, maxAbsDelta } = entryOf(
      await compareFiles(one, broken),
      'model.layers.0.self_attn.q_proj.weight',
    );
    assert.deepEqual([status, nonFiniteB, comparedCount, normDelta, maxAbsDelta], ['changed', 2, 4, Math.sqrt(4 + 16), 4]);
  });

  it('what single values tell of an adapter is there when one weight is looked into', async () => {
    const one = await writeAdapter('one', 2, [1, 2], [3, 5, 7], 1);
    const strong = await writeAdapter('strong', 4, [1, 2], [3, 5, 7], 1);
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const [a, b] = [await openModel(one), await openModel(strong)];
    const engine = { name: 'simd', detail: '', reason: '' } as const;
    const { statistics } = await computeTensorDetail(a, b, name, name, { engine, workers: 1 });
    assert.deepEqual([statistics.maxAbsDelta, statistics.changedCount, statistics.normDelta], [28, 6, Math.sqrt(4 * 5 * 83)]);
  });

  it('an adapter of PEFT and the same of MLX are equal: settings are compared by meaning', async () => {
    const peft = await writeAdapter('peft', 2, [1, 2], [3, 5, 7], 1);
    const module = 'model.layers.0.self_attn.q_proj';
    await writeSafetensors(at('mlx', 'adapters.safetensors'), [
      float32(`${module}.lora_a`, [3, 1], [3, 5, 7]),
      float32(`${module}.lora_b`, [1, 2], [1, 2]),
    ]);
    const settings = { fine_tune_type: 'lora', lora_parameters: { rank: 1, scale: 2 }, iters: 7 };
    await writeFile(at('mlx', 'adapter_config.json'), JSON.stringify(settings));
    const report = await compareFiles(peft, at('mlx'));
    assert.deepEqual([verdictOf(report), report.summary.normDelta, report.companions?.adapter], ['equal', 0, []]);
  });

  it('an adapter is not held against a model', async () => {
    const adapter = await writeAdapter('adapter', 2, [1, 2], [3, 5, 7], 1);
    const model = await write('model', [float32('model.layers.0.self_attn.q_proj.weight', [2, 3], [1, 2, 3, 4, 5, 6])]);
    await assert.rejects(compareFiles(model, adapter), /is a LoRA adapter \(PEFT\) of rank 1.*is a model.*BASE\+/);
  });

  it('a model and itself with an adapter: what the adapter changes', async () => {
    const adapter = await writeAdapter('adapter', 2, [1, 2], [3, 5, 7], 1);
    const model = await write('model', [
      float32('model.layers.0.self_attn.q_proj.weight', [2, 3], [1, 2, 3, 4, 5, 6]),
      float32('v', [1], [1]),
    ]);
    const report = await compareFiles(model, `${model}+${adapter}*0.5`);
    const { status, normDelta, shapeB } = entryOf(report, 'model.layers.0.self_attn.q_proj.weight');
    assert.deepEqual([status, normDelta, shapeB], ['changed', Math.sqrt(9 + 25 + 49 + 36 + 100 + 196), [2, 3]]);
    assert.equal(report.b.path, `${model}+${adapter}*0.5`);
    assert.deepEqual([report.summary.statuses.identical, report.summary.coverage?.compared], [1, 7]);
  });

  it('settings by meaning, metadata and tokenizer files are part of it', async () => {
    const weight = float32('w.weight', [1, 2], [3, 4]);
    const config = { model_type: 'llama', hidden_size: 8, num_attention_heads: 2, num_hidden_layers: 1 };
    const a = await write('settings-a', [weight], { 'config.json': { ...config, rope_theta: 10000.0 }, 'tokenizer.json': { x: 1 } });
    const b = await write('settings-b', [weight], {
      'config.json': { ...config, rope_parameters: { rope_type: 'default', rope_theta: 5e5 } },
      'tokenizer.json': { x: 2 },
    });
    const { companions, summary } = await compareFiles(a, b);
    assert.equal(summary.statuses.identical, 1);
    assert.deepEqual(
      companions?.settings.map(({ a: own, b: other }) => [own, other]),
      [['10000', '500000']],
    );
    assert.deepEqual(
      companions.files.map(({ name }) => name),
      ['tokenizer.json'],
    );
    await writeSafetensors(at('meta-a.safetensors'), [weight], { metadata: { alpha: '8', kept: 'x' } });
    await writeSafetensors(at('meta-b.safetensors'), [weight], { metadata: { alpha: '16', kept: 'x' } });
    const meta = await compareFiles(at('meta-a.safetensors'), at('meta-b.safetensors'));
    assert.deepEqual(meta.companions?.metadata, [{ name: 'alpha', a: '8', b: '16' }]);
    assert.equal(verdictOf(meta), 'different');
  });
});
