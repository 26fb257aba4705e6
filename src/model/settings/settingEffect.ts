import type { SettingEffect } from './settings.js';

/** Last parts of names, by what the setting decides. */
const effects: Readonly<Record<Exclude<SettingEffect, 'unknown'>, readonly string[]>> = {
  weights: [
    'model_type',
    'num_attention_heads',
    'num_key_value_heads',
    'head_dim',
    'num_experts_per_tok',
    'hidden_act',
    'qk_nope_head_dim',
    'qk_rope_head_dim',
    'v_head_dim',
  ],
  shape: ['hidden_size', 'intermediate_size', 'num_hidden_layers', 'vocab_size', 'num_experts', 'tie_word_embeddings'],
  forward: [
    'rms_norm_eps',
    'layer_norm_eps',
    'sliding_window',
    'layer_types',
    'query_pre_attn_scalar',
    'attn_logit_softcapping',
    'final_logit_softcapping',
    'norm_topk_prob',
  ],
  generation: ['bos_token_id', 'eos_token_id', 'pad_token_id', 'decoder_start_token_id'],
  bookkeeping: ['max_position_embeddings', 'initializer_range', 'attention_dropout', 'dtype'],
};

const effectOfName = new Map(
  Object.entries(effects).flatMap(([effect, names]) => names.map((name) => [name, effect as SettingEffect] as const)),
);

/** @returns what a setting decides, by its name */
export function settingEffect(name: string): SettingEffect {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('rope_parameters.')) return 'forward';
  return effectOfName.get(last) ?? 'unknown';
}
