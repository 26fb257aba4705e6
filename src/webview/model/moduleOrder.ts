import { naturalRanks } from '../../base/naturalOrder.js';

/** Kinds of modules in the order in which a forward pass meets them; what fits none stands after the last, in natural order. */
const stages: readonly RegExp[] = [
  /embed|wte|wpe|tok_/,
  /^(input_layernorm|attention_norm|attn_norm|ln_1|ln_attn|norm1|operator_norm|temporal_pre_norm)$/,
  /attn.*(qkv|c_attn|query_key_value|in_proj)|qkv/i,
  /\b(q_a_proj|q_a_layernorm|q_b_proj|q_proj|wq|query)$/,
  /\b(kv_a_proj\w*|kv_a_layernorm|kv_b_proj|k_proj|wk|key)$/,
  /\b(v_proj|wv|value)$/,
  /\b(q_norm|q_layernorm)$/,
  /\b(k_norm|k_layernorm)$/,
  /sinks|rotary|relative_attention/,
  /(attn|attention).*\b(o_proj|out_proj|c_proj|dense|wo)$/,
  /attn|attention|mixer|mamba|ssm|conv/,
  /^(post_attention_layernorm|post_self_attn_layernorm|ffn_norm|ln_2|ln_mlp|norm2|pre_feedforward_layernorm|pre_mlp_layernorm)$/,
  /(mlp|moe|feed_forward|ffn)\.(gate|router)$|router/,
  /(gate_up_proj|gate_proj|w1|c_fc|fc1|dense_h_to_4h)$/,
  /(up_proj|w3)$/,
  /(down_proj|w2|c_proj|fc2|dense_4h_to_h)$/,
  /mlp|moe|feed_forward|ffn|expert/,
  /^post_(feedforward|mlp)_layernorm$/,
  /norm|ln_f/,
  /lm_head|output|score|classifier/,
];

/** Norms before the attention and before the MLP are told by their names; experts come after what all tokens pass. */
function stageOf(module: string): number {
  const stage = stages.findIndex((pattern) => pattern.test(module));
  return stage < 0 ? stages.length : stage;
}

/** Names of modules in the order of a forward pass, as far as their names say it. */
export function inModelOrder(modules: readonly string[]): string[] {
  const ranks = naturalRanks(modules);
  const keyed = modules.map((module, index) => ({ module, stage: stageOf(module), rank: ranks[index] ?? 0 }));
  return keyed.sort((a, b) => a.stage - b.stage || a.rank - b.rank).map(({ module }) => module);
}
