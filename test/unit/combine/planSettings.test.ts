import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { applyDelta, diffVector } from '../../../src/combine/combination.js';
import type { CombinePlan } from '../../../src/combine/plan.js';
import { codes, ModelBench, plannedFile, tensor } from './support/models.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';

const llama = { model_type: 'llama', hidden_size: 4, num_attention_heads: 2, num_hidden_layers: 1, rope_theta: 10_000 };
const body = [tensor('model.layers.0.self_attn.q_proj.weight', [4, 4]), tensor('model.norm.weight', [4])];

describe('plan for settings', () => {
  const bench = new ModelBench();

  /** Writes `t`, `f` and `b` with these fields over those of a Llama, and what else lies beside them. */
  async function write(
    t: object,
    f: object,
    b: object,
    files: Readonly<Record<string, Record<string, object | string>>> = {},
  ): Promise<void> {
    for (const [name, config] of Object.entries({ t, f, b }))
      await bench.write(name, { shards: [body], files: { 'config.json': { ...llama, ...config }, ...files[name] } });
  }

  async function configOf(plan: CombinePlan): Promise<Record<string, unknown>> {
    const { content, sourcePath } = plannedFile(plan, 'config.json');
    return JSON.parse(content ?? (await readFile(sourcePath!, 'utf8'))) as Record<string, unknown>;
  }

  it('takes what the fine-tune changed in its base’s, and says so', async () => {
    await write({}, { rope_theta: 500_000, sliding_window: 8, odd_switch: true }, {});
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), ['finetune-settings']);
    assert.match(
      plan.findings[0]!.message,
      /^finetuned has other settings than its base: rope_parameters.rope_theta 500000 instead of 10000, sliding_window 8 instead of not set, odd_switch true instead of not set\. They are part of the fine-tune/,
    );
    const config = await configOf(plan);
    assert.deepEqual([config['rope_theta'], config['sliding_window'], config['odd_switch']], [500_000, 8, true]);
    assert.match(plannedFile(plan, 'config.json').reason, /with settings of finetuned/);
  });

  it('sees no change where a file is spelled otherwise, and keeps the target’s file as it is', async () => {
    await write(
      {},
      { rope_theta: undefined, rope_parameters: { rope_theta: 10_000, rope_type: 'default' }, head_dim: 2, use_cache: false },
      {},
    );
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), []);
    assert.equal(plannedFile(plan, 'config.json').content, null);
  });

  it('keeps the target’s where it differs from both, unless the fine-tune’s are asked for', async () => {
    await write({ rope_theta: 700 }, { rope_theta: 500, rms_norm_eps: 1e-3 }, { rope_theta: 100 });
    const merged = await bench.plan();
    assert.deepEqual(codes(merged.findings).slice(0, 2), ['finetune-settings', 'settings-conflict']);
    assert.match(merged.findings[1]!.message, /rope_theta 500 instead of 100\. target differs from both/);
    assert.deepEqual(pick(await configOf(merged)), [700, 1e-3]);
    const finetuned = await bench.plan({ settings: 'finetuned' });
    assert.deepEqual(pick(await configOf(finetuned)), [500, 1e-3]);
    const target = await bench.plan({ settings: 'target' });
    assert.deepEqual(codes(target.findings).slice(0, 1), ['finetune-settings-kept']);
    assert.deepEqual(pick(await configOf(target)), [700, undefined]);
    assert.equal(plannedFile(target, 'config.json').content, null);
  });

  it('takes nothing where the fine-tune takes no part', async () => {
    await write({}, { rope_theta: 500 }, {});
    const plan = await bench.plan({ scales: [{ pattern: null, scale: 0 }] });
    assert.equal(plannedFile(plan, 'config.json').content, null);
  });

  it('takes them from a saved diff vector, which remembers its base’s', async () => {
    await write({}, { rope_theta: 500 }, {});
    const saved = await bench.plan({ combination: diffVector('finetuned', 'base') });
    const header = JSON.parse(Buffer.from(saved.shards[0]!.header.subarray(8)).toString()) as { __metadata__: Record<string, string> };
    const config = { ...llama, rope_theta: 500, torch_dtype: 'float32' };
    const delta = body.map(({ name, shape }) => tensor(name, shape, 'F32'));
    await bench.write('d', { shards: [delta], files: { 'config.json': config }, metadata: header.__metadata__ });
    const inputs = (['target', 'delta'] as const).map((role) => ({
      role,
      path: bench.path(role === 'target' ? 't' : 'd'),
      expect: 'any' as const,
    }));
    const plan = await bench.plan({ combination: applyDelta('target', 'delta'), inputs });
    assert.ok(codes(plan.findings).includes('finetune-settings'));
    assert.equal((await configOf(plan))['rope_theta'], 500);
  });

  it('refuses heads that differ by meaning only, which no shape shows, and lets nothing lift that', async () => {
    await write({}, { num_attention_heads: 1 }, {});
    for (const skipMismatched of [false, true]) {
      const { refusals } = await bench.plan({ skipMismatched });
      assert.deepEqual(codes(refusals), ['weights-mean-otherwise']);
      assert.match(refusals[0]!.message, /head_dim 4 instead of 2, num_attention_heads 1 instead of 2/);
    }
    await write({}, { hidden_act: 'silu', head_dim: 2, num_key_value_heads: 2 }, { num_key_value_heads: null });
    assert.deepEqual((await bench.plan()).refusals, []);
  });

  it('refuses an image encoder of other heads only where it is combined', async () => {
    const files = (heads: number): Record<string, object> => ({
      'config.json': { model_type: 'gemma3', text_config: { num_hidden_layers: 1 }, vision_config: { num_attention_heads: heads } },
    });
    const tensors = [...body, tensor('vision_tower.encoder.layers.0.q_proj.weight', [4, 4])];
    for (const [name, heads] of [
      ['t', 4],
      ['f', 2],
      ['b', 4],
    ] as const)
      await bench.write(name, { shards: [tensors], files: files(heads) });
    assert.deepEqual(codes((await bench.plan()).refusals), ['weights-mean-otherwise']);
    assert.deepEqual((await bench.plan({ exclude: ['vision_tower.*'] })).refusals, []);
  });

  it('says that inputs differ from the output where there is nothing to choose', async () => {
    await write({ rope_theta: 700 }, {}, {});
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), ['config-differs', 'config-differs']);
    assert.match(
      plan.findings[0]!.message,
      /^finetuned was made with other settings than the output has: rope_parameters.rope_theta 10000 instead of 700\.$/,
    );
  });
});

describe('plan for token ids of a config.json', () => {
  const bench = new ModelBench();
  const words = inOrder('a', 'b', 'c', 'd');
  /** The same tokens in other rows. */
  const other = { d: 0, c: 1, b: 2, a: 3 };

  async function write(
    name: string,
    vocabulary: Readonly<Record<string, number>>,
    config: object,
    more: Record<string, object> = {},
  ): Promise<void> {
    const files = { 'config.json': { ...llama, vocab_size: 4, ...config }, 'tokenizer.json': tokenizerJson(vocabulary), ...more };
    await bench.write(name, { shards: [[tensor('model.embed_tokens.weight', [4, 4]), ...body]], files });
  }

  it('follow the fine-tune’s change under the output’s ids, also in the target’s generation settings', async () => {
    await write('t', other, { eos_token_id: 3 }, { 'generation_config.json': { eos_token_id: 3, top_p: 0.5 } });
    await write('f', words, { eos_token_id: [1, 2] });
    await write('b', words, { eos_token_id: 0 });
    const plan = await bench.plan();
    assert.deepEqual(read(plan, 'config.json')['eos_token_id'], [2, 1]);
    assert.deepEqual(read(plan, 'generation_config.json'), { eos_token_id: [2, 1], top_p: 0.5 });
    const kept = await bench.plan({ chatFrom: 'target' });
    assert.deepEqual([plannedFile(kept, 'config.json').content, plannedFile(kept, 'generation_config.json').content], [null, null]);
  });

  it('stay where only the numbering differs', async () => {
    await write('t', other, { eos_token_id: 3 });
    await write('f', words, { eos_token_id: 0 });
    await write('b', words, { eos_token_id: 0 });
    assert.equal(plannedFile(await bench.plan(), 'config.json').content, null);
  });

  it('are the target’s where it differs from both, and that is said', async () => {
    await write('t', words, { eos_token_id: 3 });
    await write('f', words, { eos_token_id: 1 });
    await write('b', words, { eos_token_id: 0 });
    const plan = await bench.plan();
    assert.equal(plannedFile(plan, 'config.json').content, null);
    assert.ok(codes(plan.findings).includes('settings-conflict'));
  });

  function read(plan: CombinePlan, name: string): Record<string, unknown> {
    return JSON.parse(plannedFile(plan, name).content!) as Record<string, unknown>;
  }
});

function pick(config: Readonly<Record<string, unknown>>): unknown[] {
  return [config['rope_theta'], config['rms_norm_eps']];
}
