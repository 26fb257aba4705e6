import type { Family } from './family.js';

/** Families with names of their own. */
export const otherFamilies: readonly Family[] = [
  {
    architectures: ['gpt2'],
    modelType: 'gpt2',
    layers: 'transformer.h',
    outer: { token_embd: 'transformer.wte', position_embd: 'transformer.wpe', output_norm: 'transformer.ln_f', output: 'lm_head' },
    block: {
      attn_norm: 'ln_1',
      attn_qkv: { name: 'attn.c_attn', change: 'transposed' },
      attn_output: { name: 'attn.c_proj', change: 'transposed' },
      ffn_norm: 'ln_2',
      ffn_up: { name: 'mlp.c_fc', change: 'transposed' },
      ffn_down: { name: 'mlp.c_proj', change: 'transposed' },
    },
  },
  {
    architectures: ['gptneox'],
    modelType: 'gpt_neox',
    layers: 'gpt_neox.layers',
    outer: { token_embd: 'gpt_neox.embed_in', output_norm: 'gpt_neox.final_layer_norm', output: 'embed_out' },
    block: {
      attn_norm: 'input_layernorm',
      attn_qkv: { name: 'attention.query_key_value', change: 'head by head' },
      attn_output: 'attention.dense',
      ffn_norm: 'post_attention_layernorm',
      ffn_up: 'mlp.dense_h_to_4h',
      ffn_down: 'mlp.dense_4h_to_h',
    },
  },
  {
    architectures: ['bloom'],
    modelType: 'bloom',
    layers: 'transformer.h',
    outer: {
      token_embd: 'transformer.word_embeddings',
      token_embd_norm: 'transformer.word_embeddings_layernorm',
      output_norm: 'transformer.ln_f',
      output: 'lm_head',
    },
    block: {
      attn_norm: 'input_layernorm',
      attn_qkv: { name: 'self_attention.query_key_value', change: 'head by head' },
      attn_output: 'self_attention.dense',
      ffn_norm: 'post_attention_layernorm',
      ffn_up: 'mlp.dense_h_to_4h',
      ffn_down: 'mlp.dense_4h_to_h',
    },
  },
  {
    architectures: ['falcon'],
    modelType: 'falcon',
    layers: 'transformer.h',
    outer: { token_embd: 'transformer.word_embeddings', output_norm: 'transformer.ln_f', output: 'lm_head' },
    block: {
      attn_norm: 'input_layernorm',
      attn_qkv: { name: 'self_attention.query_key_value', change: 'group by group' },
      attn_output: 'self_attention.dense',
      ffn_up: 'mlp.dense_h_to_4h',
      ffn_down: 'mlp.dense_4h_to_h',
    },
  },
  {
    architectures: ['phi2'],
    modelType: 'phi',
    layers: 'model.layers',
    outer: { token_embd: 'model.embed_tokens', output_norm: 'model.final_layernorm', output: 'lm_head' },
    block: {
      attn_norm: 'input_layernorm',
      attn_q: 'self_attn.q_proj',
      attn_k: 'self_attn.k_proj',
      attn_v: 'self_attn.v_proj',
      attn_output: 'self_attn.dense',
      ffn_up: 'mlp.fc1',
      ffn_down: 'mlp.fc2',
    },
  },
];
