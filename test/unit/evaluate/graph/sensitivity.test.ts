import { strict as assert } from 'node:assert';
import { loadExpected, logitDifference, openGolden } from './golden.js';
import { loadConfig } from './storedModel.js';

/** Wrong values of settings that shapes do not betray: goldens are worth something only if each of them shows. */
const wrong: readonly (readonly [golden: string, config: Readonly<Record<string, unknown>>])[] = [
  ['llama', { rope_parameters: { rope_type: 'default', rope_theta: 9000 } }],
  ['llama', { rms_norm_eps: 1e-2 }],
  ['llama', { hidden_act: 'gelu' }],
  ['llama-linear', { rope_scaling: { type: 'linear', factor: 2.9 } }],
  ['llama-3', { rope_parameters: { ...ropeOf('llama-3'), factor: 7 } }],
  ['llama-3', { rope_parameters: { ...ropeOf('llama-3'), low_freq_factor: 0.2 } }],
  ['llama-3', { rope_parameters: { ...ropeOf('llama-3'), high_freq_factor: 1.2 } }],
  ['llama-yarn', { rope_scaling: { ...scalingOf('llama-yarn'), beta_fast: 8 } }],
  ['llama-yarn', { rope_scaling: { ...scalingOf('llama-yarn'), beta_slow: 3 } }],
  ['llama-yarn', { rope_scaling: { ...scalingOf('llama-yarn'), attention_factor: 1 } }],
  ['mistral', { sliding_window: 6 }],
  ['mistral', { sliding_window: null }],
  ['qwen2', { max_window_layers: 2 }],
  ['qwen2', { use_sliding_window: false }],
  ['gpt2', { activation_function: 'gelu' }],
  ['gpt2', { scale_attn_weights: false }],
  ['gpt2-scaled', { scale_attn_by_inverse_layer_idx: false }],
  ['gpt_neox', { rotary_pct: 0.5 }],
  ['gpt_neox', { rotary_emb_base: 101 }],
  ['gpt_neox', { use_parallel_residual: false }],
  ['gpt_neox', { hidden_act: 'gelu_new' }],
  ['gemma2', { attn_logit_softcapping: null }],
  ['gemma2', { attn_logit_softcapping: 2.1 }],
  ['gemma2', { final_logit_softcapping: 3.1 }],
  ['gemma2', { query_pre_attn_scalar: 8 }],
  ['gemma2', { sliding_window: 4 }],
  ['gemma2', { layer_types: ['full_attention', 'sliding_attention', 'full_attention'] }],
  ['gemma3_text', { rope_parameters: { ...ropeOf('gemma3_text'), sliding_attention: { rope_theta: 31 } } }],
  ['gemma3_text', { rope_parameters: { ...ropeOf('gemma3_text'), full_attention: { rope_theta: 1000 } } }],
  ['phi3', { sliding_window: 7 }],
  ['phi3-long', { original_max_position_embeddings: 20 }],
];

describe('a wrong setting shows in the logits', () => {
  for (const [golden, config] of wrong) {
    it(`${golden} ${JSON.stringify(config)}`, async () => {
      const difference = await logitDifference(await openGolden(golden, { config }), await loadExpected(golden));
      assert.ok(difference > 1e-3 && Number.isFinite(difference));
    });
  }
});

function ropeOf(golden: string): object {
  return loadConfig(golden)['rope_parameters'] as object;
}

function scalingOf(golden: string): object {
  return loadConfig(golden)['rope_scaling'] as object;
}
