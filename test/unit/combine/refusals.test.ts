import assert from 'node:assert/strict';
import { diffVector } from '../../../src/combine/index.js';
import { narrowPatterns } from '../../../src/combine/plan/diagnosis/narrowPatterns.js';
import type { TensorToWrite } from '../../support/safetensorsFile.js';
import { codes, ModelBench, planned, tensor } from './support/models.js';

const config = { 'config.json': { model_type: 'llama', hidden_size: 8, num_attention_heads: 2 } };

/** A small Llama; `rename` as its names, layers as many. */
function llama(rename: (name: string) => string = (name) => name, layers = 3, width = 8): TensorToWrite[] {
  const names = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'mlp.gate_proj', 'mlp.up_proj'];
  const inLayers = Array.from({ length: layers }, (_, layer) => [
    ...names.map((name) => tensor(rename(`model.layers.${layer}.${name}.weight`), [width, width])),
    tensor(rename(`model.layers.${layer}.input_layernorm.weight`), [width]),
  ]).flat();
  return [tensor(rename('model.embed_tokens.weight'), [16, width]), ...inLayers, tensor(rename('model.norm.weight'), [width])];
}

const vision = [
  tensor('vision_tower.patch_embed.weight', [8, 3]),
  ...[0, 1, 2, 3].map((layer) => tensor(`vision_tower.layers.${layer}.mlp.weight`, [8, 8])),
  tensor('multi_modal_projector.linear.weight', [8, 8]),
];

describe('refusals of what is no weight', () => {
  const bench = new ModelBench();

  async function writeAll(models: Readonly<Record<'t' | 'f' | 'b', readonly TensorToWrite[]>>, files = config): Promise<void> {
    for (const [name, tensors] of Object.entries(models)) await bench.write(name, { shards: [tensors], files });
  }

  /** q_proj of every layer as codes with a scale, which there is no formula for. */
  function quantised(): TensorToWrite[] {
    return llama().flatMap((entry) => {
      if (!entry.name.includes('q_proj')) return [entry];
      return [tensor(entry.name, entry.shape, 'F8_E4M3FNUZ'), tensor(`${entry.name}_scale_inv`, [1, 1], 'F32')];
    });
  }

  it('codes without a formula, whichever version has them, by the name of their scheme', async () => {
    for (const role of ['t', 'f', 'b'] as const) {
      await writeAll({ t: llama(), f: llama(), b: llama(), [role]: quantised() });
      for (const skipMismatched of [false, true]) {
        const { refusals } = await bench.plan({ skipMismatched });
        assert.deepEqual(codes(refusals), ['is-quantised']);
        assert.match(refusals[0]!.message, /is quantised: 3 weights of 20 are stored as codes of block-FP8 .*FineGrainedFP8Config/);
        assert.doesNotMatch(refusals[0]!.message, /skip/);
      }
    }
  });

  it('leave the rest to be combined when they are left out, and stay as they are, whatever dtype is asked for', async () => {
    await writeAll({ t: quantised(), f: quantised(), b: quantised() });
    const [refusal] = (await bench.plan()).refusals;
    assert.deepEqual(refusal?.patterns, ['model.layers.*.self_attn.q_proj.*']);
    const plan = await bench.plan({ exclude: refusal.patterns, dtype: 'F32' });
    assert.deepEqual(plan.refusals, []);
    const scale = planned(plan, 'model.layers.0.self_attn.q_proj.weight_scale_inv');
    assert.deepEqual([scale.action, scale.dtype], ['copied', 'F32']);
    assert.equal(planned(plan, 'model.layers.0.self_attn.q_proj.weight').dtype, 'F8_E4M3FNUZ');
    assert.equal(planned(plan, 'model.layers.0.self_attn.k_proj.weight').action, 'combined');
    const delta = await bench.plan({ combination: diffVector('finetuned', 'base'), exclude: refusal.patterns });
    assert.deepEqual([delta.refusals, delta.tensors.length], [[], 17]);
  });

  it('codes of an unknown scheme, and dtypes that are not combined', async () => {
    const odd = [...llama(), tensor('model.extra.weight', [8, 8], 'U8')];
    await writeAll({ t: llama(), f: odd, b: llama() });
    const [unknown] = (await bench.plan()).refusals;
    assert.match(unknown!.message, /1 weight of 21 .*codes of an unknown scheme\. .*with the tool that quantised it/);
    const float8 = llama().map((entry) => tensor(entry.name, entry.shape, 'F8_E5M2'));
    await writeAll({ t: float8, f: float8, b: float8 });
    const { refusals } = await bench.plan();
    assert.deepEqual(codes(refusals), ['dtype-not-combined', 'dtype-not-combined', 'dtype-not-combined']);
    assert.match(refusals[0]!.message, /^20 weights of target are stored in F8_E5M2, which is compared but not combined/);
  });

  it('adapters in the place of a model, with how to name them; with their base they are taken', async () => {
    const factors = [
      tensor('base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight', [2, 8]),
      tensor('base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight', [8, 2]),
    ];
    await writeAll({ t: llama(), f: llama(), b: llama() });
    const files = { 'adapter_config.json': { peft_type: 'LORA', r: 2, lora_alpha: 4, base_model_name_or_path: 'org/base' } };
    await bench.write('f', { shards: [factors], files });
    assert.deepEqual((await bench.plan()).refusals, []);
    await bench.write('b', { shards: [factors], files });
    for (const skipMismatched of [false, true]) {
      const { refusals } = await bench.plan({ skipMismatched });
      assert.deepEqual(codes(refusals), ['is-an-adapter', 'is-an-adapter']);
      const message =
        /given as base, is a LoRA adapter \(PEFT\) of rank 2 for org\/base, not a model: .* name its base before it: org\/base\+/;
      assert.ok(
        refusals.some((refusal) => message.test(refusal.message)),
        refusals.map((refusal) => refusal.message).join('\n'),
      );
    }
  });
});

describe('refusals of versions that do not fit', () => {
  const bench = new ModelBench();

  async function refusalsOf(
    finetuned: readonly TensorToWrite[],
    target = llama(),
    base = finetuned,
    types: readonly string[] = [],
  ): Promise<Awaited<ReturnType<ModelBench['plan']>>['refusals']> {
    for (const [index, [name, tensors]] of Object.entries({ t: target, f: finetuned, b: base }).entries()) {
      const model_type = types[index] ?? 'llama';
      await bench.write(name, { shards: [tensors], files: { 'config.json': { model_type } } });
    }
    return (await bench.plan()).refusals;
  }

  it('nothing where wrappers put segments into names', async () => {
    const inLayers = (segment: string) => (name: string) => name.replace(/layers\.(\d+)\./, `layers.$1.${segment}.`);
    for (const rename of [
      inLayers('_fsdp_wrapped_module'),
      inLayers('_orig_mod'),
      inLayers('_checkpoint_wrapped_module'),
      (name: string) => `base_model.model.${name.replace('q_proj.weight', 'q_proj.base_layer.weight')}`,
    ]) {
      assert.deepEqual(await refusalsOf(llama(rename), llama(), llama()), []);
      assert.deepEqual(await refusalsOf(llama(), llama(rename), llama()), []);
    }
  });

  it('a part for images on one side: patterns that leave out just that part', async () => {
    const ofTarget = await refusalsOf(llama(), [...llama(), ...vision]);
    assert.deepEqual(codes(ofTarget), ['tensor-missing']);
    assert.match(
      ofTarget[0]!.message,
      /^target has a part for images that finetuned lacks: 6 tensors, .* To keep those of target, exclude 'vision_tower\.\*' and 'multi_modal_projector\.\*'/,
    );
    assert.deepEqual((await bench.plan({ exclude: ['vision_tower.*', 'multi_modal_projector.*'] })).refusals, []);
    const ofFineTune = await refusalsOf([...llama(), ...vision]);
    assert.deepEqual(codes(ofFineTune), ['tensor-not-in-target']);
    assert.match(
      ofFineTune[0]!.message,
      /^finetuned has a part for images that target lacks: 6 tensors, .* To carry over the rest without them, exclude 'vision_tower\.\*' and/,
    );
    const plan = await bench.plan({ exclude: ofFineTune[0]!.patterns ?? [] });
    assert.deepEqual([plan.refusals, plan.tensors.every(({ action }) => action === 'combined')], [[], true]);
  });

  it('another size: widths or layers', async () => {
    const wider = await refusalsOf(llama(undefined, 3, 16));
    assert.deepEqual(codes(wider), ['size-differs']);
    assert.match(
      wider[0]!.message,
      /finetuned is of another size than target: hidden size 16 instead of 8 \(model\.embed_tokens\.weight: \[16, 16\] in finetuned, \[16, 8\] in target/,
    );
    const deeper = await refusalsOf(llama(undefined, 5));
    assert.match(deeper[0]!.message, /finetuned is of another size than target: 5 layers instead of 3\./);
    const shallower = await refusalsOf(llama(undefined, 2));
    assert.match(shallower[0]!.message, /finetuned is of another size than target: 2 layers instead of 3\./);
  });

  it('weights in other pieces, in an order that nothing shows; none where shapes say that they are transposed', async () => {
    const fused = llama().flatMap((entry) => {
      if (/k_proj|v_proj/.test(entry.name)) return [];
      return [entry.name.includes('q_proj') ? tensor(entry.name.replace('q_proj', 'qkv_proj'), [24, 8]) : entry];
    });
    const [packed] = await refusalsOf(fused);
    assert.equal(packed?.code, 'order-unchecked');
    assert.match(
      packed.message,
      /qkv_proj: names and shapes do not say how .* in finetuned and in target, .* as named \("q, k, v"\), .*--trust-names/,
    );
    assert.deepEqual((await bench.plan({ trustNames: true })).refusals, []);
    const apart = [
      ...llama(),
      ...[0, 1, 2].flatMap((layer) => [0, 1].map((expert) => tensor(`model.layers.${layer}.mlp.experts.${expert}.up_proj.weight`, [8, 8]))),
    ];
    const together = [...llama(), ...[0, 1, 2].map((layer) => tensor(`model.layers.${layer}.mlp.experts.gate_up_proj`, [2, 16, 8]))];
    assert.match(
      (await refusalsOf(apart, together))[0]!.message,
      /^target stores the experts of a layer in one tensor .*, finetuned in several/,
    );
    const tall = (flip: boolean): TensorToWrite[] =>
      llama().map((entry) => (entry.name.includes('mlp') ? tensor(entry.name, flip ? [8, 4] : [4, 8]) : entry));
    const turned = await refusalsOf(tall(true), tall(false), tall(false));
    assert.deepEqual([...new Set(codes(turned))], ['order-unchecked'], 'of the square ones');
    assert.deepEqual((await bench.plan({ trustNames: true })).refusals, []);
  });

  it('names of another library, and another architecture', async () => {
    const native = llama((name) =>
      name
        .replace('model.layers', 'layers')
        .replace('self_attn.', 'mixing.')
        .replace('mlp.', 'expanding.')
        .replace('input_layernorm', 'scale_before')
        .replace('model.', 'tok_'),
    );
    const [names] = await refusalsOf(native);
    assert.deepEqual(codes([names!]), ['names-differ']);
    assert.match(
      names!.message,
      /^Only \d+ of 20 tensors of target have a counterpart in finetuned: its names follow another scheme \("layers\..*" where target has "model\.layers\./,
    );
    const other = await refusalsOf(llama(), llama(), llama(), ['llama', 'qwen2', 'llama']);
    assert.deepEqual(codes(other), ['architecture-differs']);
    assert.match(
      other[0]!.message,
      /qwen2 instead of llama\..* Choose versions of one architecture; if they are, correct model_type in the config\.json/,
    );
  });

  it('single tensors: a narrow pattern where there is one', async () => {
    const head = tensor('score.weight', [2, 8]);
    const [refusal] = await refusalsOf([...llama(), head]);
    assert.match(
      refusal!.message,
      /^1 tensor of finetuned that target lacks: "score\.weight"\. To carry over the rest without them, exclude 'score\.\*'/,
    );
    const scattered = llama().filter((_, index) => index % 4 !== 3);
    const [missing] = await refusalsOf(scattered);
    assert.match(missing!.message, /^5 tensors of target that finetuned lacks: .* Choose versions of one architecture\.$/);
  });

  it('never suggest to skip what differs in meaning', async () => {
    for (const [name, heads] of [
      ['t', 2],
      ['f', 4],
      ['b', 4],
    ] as const)
      await bench.write(name, {
        shards: [llama()],
        files: { 'config.json': { model_type: 'llama', hidden_size: 8, num_attention_heads: heads } },
      });
    const plan = await bench.plan({ skipMismatched: true });
    assert.deepEqual([...new Set(codes(plan.refusals))], ['weights-mean-otherwise']);
  });
});

describe('narrow patterns', () => {
  it('are the shortest that fit the names and no others', () => {
    const others = ['model.layers.0.up.weight', 'model.layers.1.up.weight', 'model.norm.weight', 'vision.adapter.weight'];
    assert.deepEqual(narrowPatterns(['vision.tower.0.weight', 'vision.tower.1.bias'], others), ['vision.tower.*']);
    assert.deepEqual(narrowPatterns(['model.layers.0.gate.weight', 'model.layers.1.gate.weight'], others), ['model.layers.*.gate.*']);
    assert.deepEqual(narrowPatterns(['lm_head.weight'], others), ['lm_head.*']);
    assert.deepEqual(narrowPatterns(['scale'], others), ['scale']);
    assert.deepEqual(narrowPatterns(['model.layers.0.up.weight'], others.slice(1)), ['model.layers.0.up.weight']);
    assert.deepEqual(narrowPatterns(['a.x', 'b.x', 'c.x', 'd.x', 'e.x'], others), []);
    assert.deepEqual(narrowPatterns(['odd{name', '?'], others), []);
  });
});
