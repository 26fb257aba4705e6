/**
 * How model families call the modules of a layer, each with the name that Hugging Face's Llama gives to the same module. Facts from the
 * families' published checkpoints, and from `conversion_mapping.py` of transformers 5.
 */
interface Scheme {
  readonly title: string;
  /** Within a layer. */
  readonly modules: Readonly<Record<string, string>>;
  /** Outside layers. */
  readonly outside?: Readonly<Record<string, string>>;
}

const [query, key, value, output] = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj'];
const fused = 'self_attn.qkv_proj';
const [gate, up, down] = ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'];
const [before, after] = ['input_layernorm', 'post_attention_layernorm'];
const [embedding, norm, head] = ['embed_tokens', 'norm', 'lm_head'];

/** The scheme whose rotary projections have the two halves of each head in turn. */
export const nativeScheme = 'Llama and Mistral native';

const schemes: readonly Scheme[] = [
  {
    title: nativeScheme,
    modules: {
      'attention.wq': query,
      'attention.wk': key,
      'attention.wv': value,
      'attention.wo': output,
      'feed_forward.w1': gate,
      'feed_forward.w2': down,
      'feed_forward.w3': up,
      'feed_forward.gate': 'mlp.gate',
      attention_norm: before,
      ffn_norm: after,
    },
    outside: { tok_embeddings: embedding, output: head },
  },
  { title: 'InternLM2', modules: { 'attention.wqkv': fused } },
  {
    title: 'GPT-2',
    modules: {
      'attn.c_attn': fused,
      'attn.c_proj': output,
      'mlp.c_fc': up,
      'mlp.c_proj': down,
      ln_1: before,
      ln_2: after,
    },
    outside: { wte: embedding, ln_f: norm },
  },
  {
    title: 'GPT-NeoX',
    modules: {
      'attention.query_key_value': fused,
      'attention.dense': output,
      'mlp.dense_h_to_4h': up,
      'mlp.dense_4h_to_h': down,
    },
    outside: { embed_in: embedding, final_layer_norm: norm, embed_out: head },
  },
  {
    title: 'Falcon, BLOOM and ChatGLM',
    modules: { 'self_attention.query_key_value': fused, 'self_attention.dense': output },
    outside: { word_embeddings: embedding, 'embedding.word_embeddings': embedding, 'encoder.final_layernorm': norm, output_layer: head },
  },
  { title: 'Baichuan', modules: { 'self_attn.W_pack': fused } },
  {
    title: 'MPT',
    modules: { 'attn.Wqkv': fused, 'attn.out_proj': output, 'ffn.up_proj': up, 'ffn.down_proj': down, norm_1: before, norm_2: after },
    outside: { norm_f: norm },
  },
  {
    title: 'Phi',
    modules: { 'mixer.Wqkv': fused, 'mixer.out_proj': output, 'self_attn.dense': output, 'mlp.fc1': up, 'mlp.fc2': down },
    outside: { final_layernorm: norm },
  },
  { title: 'OPT', modules: { 'self_attn.out_proj': output, fc1: up, fc2: down, self_attn_layer_norm: before }, outside: {} },
  {
    title: 'BERT',
    modules: {
      'attention.self.query': query,
      'attention.self.key': key,
      'attention.self.value': value,
      'attention.output.dense': output,
      'intermediate.dense': up,
      'output.dense': down,
    },
  },
  {
    title: 'ViT',
    modules: {
      'attention.attention.query': query,
      'attention.attention.key': key,
      'attention.attention.value': value,
      'attention.q_proj': query,
      'attention.k_proj': key,
      'attention.v_proj': value,
      'attention.o_proj': output,
      'attn.q_proj': query,
      'attn.k_proj': key,
      'attn.v_proj': value,
      'attn.o_proj': output,
      'attn.qkv': fused,
      'attn.qkv_proj': fused,
      'self_attn.qkv': fused,
      'attn.proj': output,
    },
  },
  {
    title: 'Mixtral',
    modules: { 'block_sparse_moe.gate': 'mlp.gate', 'block_sparse_moe.router': 'mlp.gate', 'block_sparse_moe.router.layer': 'mlp.gate' },
  },
  { title: 'gpt-oss', modules: { 'mlp.router': 'mlp.gate', 'feed_forward.router': 'mlp.gate' } },
  {
    title: 'Megatron',
    modules: {
      'self_attention.linear_qkv': fused,
      'self_attention.linear_proj': output,
      'mlp.linear_fc1': up,
      'mlp.linear_fc2': down,
      'self_attention.linear_qkv.layer_norm': before,
      'mlp.linear_fc1.layer_norm': after,
    },
    outside: { 'embedding.word_embeddings': embedding, output_layer: head },
  },
  {
    title: 'GGUF',
    modules: {
      attn_q: query,
      attn_k: key,
      attn_v: value,
      attn_qkv: fused,
      attn_output: output,
      ffn_gate: gate,
      ffn_up: up,
      ffn_down: down,
      attn_norm: before,
      attn_q_norm: 'self_attn.q_norm',
      attn_k_norm: 'self_attn.k_norm',
      ffn_gate_inp: 'mlp.gate',
      ffn_gate_exps: 'mlp.experts.gate_proj',
      ffn_up_exps: 'mlp.experts.up_proj',
      ffn_down_exps: 'mlp.experts.down_proj',
      ffn_gate_up_exps: 'mlp.experts.gate_up_proj',
    },
    outside: { token_embd: embedding, output_norm: norm },
  },
];

export interface Renamed {
  readonly name: string;
  readonly scheme: string;
}

function tableOf(entriesOf: (scheme: Scheme) => Readonly<Record<string, string>> | undefined): ReadonlyMap<string, Renamed> {
  const entries = schemes.flatMap((scheme) =>
    Object.entries(entriesOf(scheme) ?? {}).map(([from, name]) => [from, { name, scheme: scheme.title }] as const),
  );
  return new Map(entries.reverse()); // of a name that two schemes have, the first one's meaning
}

/** By the module's path within its layer. */
export const layerModules = tableOf(({ modules }) => modules);
/** By the module's path outside layers, or the end of it. */
export const outsideModules = tableOf(({ outside }) => outside);

/** Parts of a mixture of experts that name its experts' weights otherwise. */
export const expertHolders: ReadonlyMap<string, Renamed> = new Map([
  ['block_sparse_moe', { name: 'mlp', scheme: 'Mixtral' }],
  ['feed_forward', { name: 'mlp', scheme: 'Jamba, LFM2 and Llama 4' }],
  ['ffn', { name: 'mlp', scheme: 'DeepSeek native' }],
  ['moe', { name: 'mlp', scheme: 'MoE' }],
]);
export const expertModules: ReadonlyMap<string, Renamed> = new Map([
  ['w1', { name: 'gate_proj', scheme: 'Mixtral' }],
  ['w2', { name: 'down_proj', scheme: 'Mixtral' }],
  ['w3', { name: 'up_proj', scheme: 'Mixtral' }],
]);
/** Stacked experts under names of their own, within a layer. */
export const stackedExperts: ReadonlyMap<string, Renamed> = new Map([
  ['block_sparse_moe.input_linear', { name: 'mlp.experts.gate_up_proj', scheme: 'Granite' }],
  ['block_sparse_moe.output_linear', { name: 'mlp.experts.down_proj', scheme: 'Granite' }],
]);
/** Expansions that hold gate and up where they have twice the rows that the contraction has columns. */
export const gatedExpansions: ReadonlyMap<string, string> = new Map([
  ['mlp.dense_h_to_4h', 'mlp.dense_4h_to_h'],
  ['mlp.linear_fc1', 'mlp.linear_fc2'],
]);
/** Schemes whose fused projections have queries, keys and values by head, or by group of heads that share a key. */
export const groupedSchemes: ReadonlySet<string> = new Set(['GPT-NeoX', 'InternLM2', 'Megatron', 'Falcon, BLOOM and ChatGLM']);
