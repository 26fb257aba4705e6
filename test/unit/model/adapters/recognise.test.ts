import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapterTitle, describeAdapter } from '../../../../src/model/adapters/index.js';
import type { Model } from '../../../../src/model/index.js';
import { headerModel, type HeaderEntry } from '../support/headerModel.js';

type Settings = Readonly<Record<string, unknown>>;

const file = join(import.meta.dirname, '..', '..', '..', 'goldens', 'layouts.json');
const { peft } = JSON.parse(readFileSync(file, 'utf8')) as {
  peft: { adapters: Record<string, { settings: Settings; tensors: HeaderEntry[] }>; unmerged: HeaderEntry[] };
};

function adapterModel(tensors: readonly HeaderEntry[], root: Settings | null, name = 'adapter_model.safetensors'): Model {
  return headerModel(tensors, { adapterFile: { root, findings: [] } }, name);
}

/** `LoRA adapter (PEFT) of rank 8 | alpha: 16 | modules: q_proj and v_proj`. */
function describeModel({ adapter, findings }: Model): string {
  assert.notEqual(adapter, null, JSON.stringify(findings));
  const facts = describeAdapter(adapter!).filter(([label]) => label !== 'kind' && label !== 'rank');
  return [adapterTitle(adapter!), ...facts.map(([label, value]) => `${label}: ${value}`)].join(' | ');
}

/** PEFT keeps target modules in a set, whose order changes. */
function sorted(settings: Settings): Settings {
  const modules = settings['target_modules'];
  return Array.isArray(modules) ? { ...settings, target_modules: [...(modules as string[])].sort() } : settings;
}

const expected: Readonly<Record<string, string>> = {
  lora: 'LoRA adapter (PEFT) of rank 8 | alpha: 16 | modules: q_proj and v_proj',
  'patterns, rsLoRA, saved head':
    'LoRA adapter (PEFT) of rank 8 | alpha: 16 (8 for q_proj), scaled by 1/√rank (rsLoRA) | modules: q_proj and v_proj | saved whole: lm_head',
  embedding: 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | modules: embed_tokens and q_proj | saved whole: 1 tensor | biases: all',
  'only the embedding': 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | modules: embed_tokens | saved whole: 1 tensor',
  expression: 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | modules: /.*layers\\.0.*q_proj/',
  pissa: 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | modules: q_proj | initialised by: pissa_niter_4',
  'tokens beside': 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | modules: q_proj',
  parameters: 'LoRA adapter (PEFT) of rank 4 | alpha: 8 | parameters: self_attn.q_proj.weight',
  dora: 'DoRA adapter (PEFT) of rank 8 | alpha: 8 | modules: q_proj',
  ia3: 'IA³ adapter (PEFT) | modules: down_proj, k_proj and v_proj',
  loha: 'LoHa adapter (PEFT) of rank 4 | alpha: 8 | modules: q_proj',
  lokr: 'LoKr adapter (PEFT) of rank 4 | alpha: 8 | modules: q_proj',
  adalora: 'AdaLoRA adapter (PEFT) of rank 8 | alpha: 8 | modules: q_proj',
  oft: 'OFT adapter (PEFT) of rank 4 | modules: q_proj',
  boft: 'BOFT adapter (PEFT) | modules: q_proj',
  vera: 'VeRA adapter (PEFT) of rank 4 | modules: q_proj',
  hra: 'HRA adapter (PEFT) of rank 4 | modules: q_proj',
  fourierft: 'FourierFT adapter (PEFT) | modules: q_proj',
  'layer norms': 'LayerNorm tuning adapter (PEFT) | modules: input_layernorm',
  'trainable tokens': 'trainable tokens adapter (PEFT) | modules: embed_tokens',
  prompt: 'prompt tuning adapter (PEFT)',
  prefix: 'prefix tuning adapter (PEFT)',
  'p-tuning': 'P-tuning adapter (PEFT)',
};

describe('adapters that peft wrote', () => {
  for (const [title, { settings, tensors }] of Object.entries(peft.adapters)) {
    it(title, () => {
      const model = adapterModel(tensors, sorted(settings));
      assert.equal(describeModel(model), expected[title]);
      assert.equal(model.adapter?.rank, settings['r'] ?? null);
    });
  }

  it('name their base', () => {
    const { tensors, settings } = peft.adapters['lora']!;
    const model = adapterModel(tensors, { ...sorted(settings), base_model_name_or_path: 'acme/tiny' });
    assert.equal(describeModel(model), `${expected['lora']!} | base model: acme/tiny`);
  });

  it('without their settings, LoRA is told by its factors', () => {
    const { tensors } = peft.adapters['lora']!;
    assert.equal(describeModel(adapterModel(tensors, null)), 'LoRA adapter (PEFT) of rank 8 | modules: q_proj and v_proj');
  });

  it('in the state of a whole model is no adapter: its weights are those of the base', () => {
    const model = adapterModel(peft.unmerged, peft.adapters['lora']!.settings, 'model.safetensors');
    assert.equal(model.adapter, null);
    assert.deepEqual(
      model.findings.map(({ severity, code }) => `${severity} ${code}`),
      ['warning adapter-not-merged'],
    );
  });
});

function factors(module: string, a: string, b: string, [inputs, outputs]: readonly [number, number], rank: number): HeaderEntry[] {
  const isMlx = a === 'lora_a';
  return [
    [`${module}.${a}`, 'F32', isMlx ? [inputs, rank] : [rank, inputs]],
    [`${module}.${b}`, 'F32', isMlx ? [rank, outputs] : [outputs, rank]],
  ];
}

describe('adapters of other tools', () => {
  const mlx = [...factors('model.layers.0.self_attn.q_proj', 'lora_a', 'lora_b', [64, 32], 8)];

  it('MLX: LoRA, DoRA, and full weights of some layers', () => {
    const parameters = { rank: 8, scale: 20, keys: ['self_attn.q_proj'] };
    const lora = adapterModel(mlx, { fine_tune_type: 'lora', model: 'org/base', lora_parameters: parameters }, 'adapters.safetensors');
    assert.equal(describeModel(lora), 'LoRA adapter (MLX) of rank 8 | scale: 20 | modules: self_attn.q_proj | base model: org/base');
    const magnitude: HeaderEntry = ['model.layers.0.self_attn.q_proj.m', 'F32', [32]];
    const dora = adapterModel([...mlx, magnitude], { fine_tune_type: 'dora', lora_parameters: parameters }, 'adapters.safetensors');
    assert.equal(describeModel(dora), 'DoRA adapter (MLX) of rank 8 | scale: 20 | modules: self_attn.q_proj');
    const full = adapterModel([['model.layers.1.mlp.up_proj.weight', 'F32', [8, 8]]], { fine_tune_type: 'full' }, 'adapters.safetensors');
    assert.equal(describeModel(full), 'full-weight adapter (MLX) | saved whole: 1 tensor');
  });

  it('MLX without its settings, experts too', () => {
    const experts: HeaderEntry[] = [
      ['model.layers.0.mlp.switch_mlp.up_proj.lora_a', 'F32', [4, 8, 64]],
      ['model.layers.0.mlp.switch_mlp.up_proj.lora_b', 'F32', [4, 32, 8]],
    ];
    assert.equal(describeModel(adapterModel([...mlx, ...experts], null)), 'LoRA adapter (MLX) of rank 8 | modules: q_proj and up_proj');
  });

  it('kohya and diffusers name theirs otherwise', () => {
    const kohya = [
      ...factors('lora_unet_down_blocks_0_proj_in', 'lora_down.weight', 'lora_up.weight', [64, 32], 16),
      ['lora_unet_down_blocks_0_proj_in.alpha', 'F32', []] as const,
    ];
    assert.equal(describeModel(adapterModel(kohya, null)), 'LoRA adapter of rank 16 | modules: lora_unet_down_blocks_0_proj_in');
    const diffusers = factors('transformer.blocks.0.attn.to_q', 'lora_A.weight', 'lora_B.weight', [64, 32], 4);
    assert.equal(describeModel(adapterModel(diffusers, null)), 'LoRA adapter of rank 4 | modules: to_q');
  });

  it('settings beside a whole model do not make it an adapter', () => {
    const model = adapterModel(
      [['model.layers.0.self_attn.q_proj.weight', 'F32', [8, 8]]],
      peft.adapters['lora']!.settings,
      'model.safetensors',
    );
    assert.equal(model.adapter, null);
    assert.deepEqual(
      model.findings.map(({ code }) => code),
      ['adapter-beside'],
    );
  });

  it('names that only resemble factors are those of a model', () => {
    const rwkv: HeaderEntry[] = [
      ['model.layers.0.attn.w_lora.lora.0.weight', 'BF16', [64, 32]],
      ['model.layers.0.attn.w_lora.lora.2.weight', 'BF16', [32, 64]],
    ];
    assert.equal(adapterModel(rwkv, null).adapter, null);
  });

  it('settings of the wrong kinds are left out', () => {
    const odd = { peft_type: 'LORA', r: 'eight', lora_alpha: null, rank_pattern: [1], target_modules: [1, 'q_proj'], modules_to_save: 'x' };
    assert.equal(describeModel(adapterModel(peft.adapters['lora']!.tensors, odd)), 'LoRA adapter (PEFT) of rank 8 | modules: q_proj');
  });
});
