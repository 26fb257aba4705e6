import type { Change, Family, Place } from './family.js';

/** Families whose modules are called as those of Llama. */

type Places = Readonly<Record<string, Place>>;

const outer: Places = { token_embd: 'model.embed_tokens', output_norm: 'model.norm', output: 'lm_head' };

const attention: Places = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
};
const rotary: Places = {
  ...attention,
  attn_q: { name: 'self_attn.q_proj', change: 'rotary query' },
  attn_k: { name: 'self_attn.k_proj', change: 'rotary key' },
};
const headNorms: Places = { attn_q_norm: 'self_attn.q_norm', attn_k_norm: 'self_attn.k_norm' };
const feedForward: Places = {
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};
/** Norms before and after both parts of a layer. */
const fourNorms: Places = {
  post_attention_norm: 'post_attention_layernorm',
  ffn_norm: 'pre_feedforward_layernorm',
  post_ffw_norm: 'post_feedforward_layernorm',
};
/** Norms after both parts only. */
const normsAfter: Places = { post_attention_norm: 'post_attention_layernorm', post_ffw_norm: 'post_feedforward_layernorm' };

const experts = (module: string, [gate, up, down]: readonly [string, string, string]): Places => ({
  ffn_gate_exps: { name: `${module}.{e}.${gate}`, change: 'experts' },
  ffn_up_exps: { name: `${module}.{e}.${up}`, change: 'experts' },
  ffn_down_exps: { name: `${module}.{e}.${down}`, change: 'experts' },
});
const usualExperts: Places = { ffn_gate_inp: 'mlp.gate', ...experts('mlp.experts', ['gate_proj', 'up_proj', 'down_proj']) };
const mixtralExperts: Places = { ffn_gate_inp: 'block_sparse_moe.gate', ...experts('block_sparse_moe.experts', ['w1', 'w3', 'w2']) };
const sharedExpert: Places = {
  ffn_gate_inp_shexp: { name: 'mlp.shared_expert_gate', change: 'one row' },
  ffn_gate_shexp: 'mlp.shared_expert.gate_proj',
  ffn_up_shexp: 'mlp.shared_expert.up_proj',
  ffn_down_shexp: 'mlp.shared_expert.down_proj',
};

/** The same places, but for what happens to the values of those that are norms. */
function withChange(places: Places, change: Change): Places {
  const changed = Object.entries(places).map(([stem, place]) =>
    typeof place === 'string' && stem.endsWith('norm') ? ([stem, { name: place, change }] as const) : ([stem, place] as const),
  );
  return Object.fromEntries(changed);
}

const family = (architectures: readonly string[], modelType: string | null, ...blocks: readonly Places[]): Family => ({
  architectures,
  modelType,
  outer,
  block: Object.assign({}, ...blocks) as Places,
  layers: 'model.layers',
});

const plusOne = ({ outer: outside, block, ...rest }: Family): Family => ({
  ...rest,
  outer: withChange(outside, 'plus one'),
  block: withChange(block, 'plus one'),
});

const graniteExperts: Places = {
  ffn_gate_inp: 'block_sparse_moe.router.layer',
  ffn_down_exps: 'block_sparse_moe.output_linear',
  ffn_down_shexp: 'shared_mlp.output_linear',
};

/** Multi-head latent attention. */
const latentAttention: Places = {
  attn_q_a: 'self_attn.q_a_proj',
  attn_q_a_norm: 'self_attn.q_a_layernorm',
  attn_q_b: 'self_attn.q_b_proj',
  attn_kv_a_mqa: 'self_attn.kv_a_proj_with_mqa',
  attn_kv_a_norm: 'self_attn.kv_a_layernorm',
  attn_kv_b: 'self_attn.kv_b_proj',
};
const sharedExperts: Places = {
  'exp_probs_b.bias': { name: 'mlp.gate.e_score_correction_bias', change: 'whole name' },
  ffn_gate_shexp: 'mlp.shared_experts.gate_proj',
  ffn_up_shexp: 'mlp.shared_experts.up_proj',
  ffn_down_shexp: 'mlp.shared_experts.down_proj',
};

/** gpt-oss has its experts stacked, as `[inputs, outputs]`, gate and up in turn. */
const ossExperts: Places = {
  ffn_gate_inp: 'mlp.router',
  attn_sinks: { name: 'self_attn.sinks', change: 'whole name' },
  'ffn_down_exps.weight': { name: 'mlp.experts.down_proj', change: 'transposed, whole name' },
  'ffn_down_exps.bias': { name: 'mlp.experts.down_proj_bias', change: 'whole name' },
};

export const llamaLike: readonly Family[] = [
  { ...family(['llama'], null, rotary, feedForward, mixtralExperts), expertModelType: 'mixtral' },
  { ...family(['mistral3'], 'ministral3', rotary, feedForward, mixtralExperts) },
  family(['arcee'], 'arcee', rotary, feedForward),
  family(['smollm3'], 'smollm3', rotary, feedForward),
  family(['granite'], 'granite', rotary, feedForward),
  {
    ...family(['granitemoe'], null, rotary, { ffn_norm: 'post_attention_layernorm' }, graniteExperts),
    joined: [
      { name: 'block_sparse_moe.input_linear.weight', of: ['ffn_gate_exps.weight', 'ffn_up_exps.weight'], how: 'behind each other' },
      { name: 'shared_mlp.input_linear.weight', of: ['ffn_gate_shexp.weight', 'ffn_up_shexp.weight'], how: 'behind each other' },
    ],
  },
  {
    ...family(['deepseek2'], null, attention, latentAttention, feedForward, usualExperts, sharedExperts),
    joined: [{ name: 'self_attn.kv_b_proj.weight', of: ['attn_k_b.weight', 'attn_v_b.weight'], how: 'keys and values' }],
  },
  {
    ...family(['gpt-oss'], 'gpt_oss', attention, { post_attention_norm: 'post_attention_layernorm' }, ossExperts),
    joined: [
      { name: 'mlp.experts.gate_up_proj', of: ['ffn_gate_exps.weight', 'ffn_up_exps.weight'], how: 'in turn', isTransposed: true },
      { name: 'mlp.experts.gate_up_proj_bias', of: ['ffn_gate_exps.bias', 'ffn_up_exps.bias'], how: 'in turn' },
    ],
  },
  family(['minicpm'], 'minicpm', rotary, feedForward),
  family(['olmo'], 'olmo', rotary, feedForward),
  family(['olmo2'], null, attention, headNorms, feedForward, normsAfter),
  family(['olmoe'], 'olmoe', attention, headNorms, feedForward, usualExperts),
  family(['qwen2'], 'qwen2', attention, feedForward),
  family(['qwen2moe'], 'qwen2_moe', attention, feedForward, usualExperts, sharedExpert),
  family(['qwen3'], 'qwen3', attention, headNorms, feedForward),
  family(['qwen3moe'], 'qwen3_moe', attention, headNorms, feedForward, usualExperts),
  family(['seed_oss'], 'seed_oss', attention, feedForward, { post_attention_norm: 'post_attention_layernorm' }),
  family(['exaone4'], 'exaone4', attention, headNorms, feedForward, normsAfter),
  family(['command-r'], 'cohere', attention, headNorms, feedForward),
  family(['cohere2'], 'cohere2', attention, feedForward),
  family(['stablelm'], 'stablelm', attention, feedForward),
  family(['starcoder2'], 'starcoder2', attention, feedForward, { ffn_up: 'mlp.c_fc', ffn_down: 'mlp.c_proj' }),
  plusOne(family(['nemotron'], 'nemotron', attention, feedForward)),
  plusOne(family(['gemma'], 'gemma', attention, feedForward)),
  plusOne(family(['gemma2'], 'gemma2', attention, feedForward, fourNorms)),
  plusOne(family(['gemma3'], 'gemma3_text', attention, headNorms, feedForward, fourNorms)),
  family(['phi3'], 'phi3', attention, feedForward, { attn_qkv: 'self_attn.qkv_proj', ffn_up: 'mlp.gate_up_proj' }),
  family(['glm4'], 'glm4', attention, feedForward, {
    ffn_up: 'mlp.gate_up_proj',
    post_attention_norm: 'post_self_attn_layernorm',
    post_ffw_norm: 'post_mlp_layernorm',
  }),
];
