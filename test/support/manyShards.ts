import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeShardedCheckpoint, type TensorToWrite } from './safetensorsFile.js';

const width = 8;
const heads = 2;

/** A Llama of `layers` layers with the vocabulary of a sample, each of its tensors in a file of its own: 3 and 9 a layer. */
export async function writeManyShards(folder: string, layers: number, seed: number, sample: string): Promise<void> {
  const config = JSON.parse(await readFile(join(sample, 'config.json'), 'utf8')) as { vocab_size: number };
  const tensors = shapesOf(layers, config.vocab_size).map(([name, shape], i) => weights(name, shape, seed * 1_000_003 + i));
  await writeShardedCheckpoint(
    folder,
    tensors.map((tensor) => [tensor]),
  );
  const dimensions = { hidden_size: width, intermediate_size: width, num_hidden_layers: layers, head_dim: width / heads };
  const attention = { num_attention_heads: heads, num_key_value_heads: heads };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...dimensions, ...attention }));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) await copyFile(join(sample, name), join(folder, name));
}

function shapesOf(layers: number, vocabulary: number): (readonly [string, readonly number[]])[] {
  const matrices = [
    'self_attn.q_proj',
    'self_attn.k_proj',
    'self_attn.v_proj',
    'self_attn.o_proj',
    'mlp.gate_proj',
    'mlp.up_proj',
    'mlp.down_proj',
  ];
  const norms = ['input_layernorm', 'post_attention_layernorm'];
  const layer = [...matrices.map((name) => [name, [width, width]] as const), ...norms.map((name) => [name, [width]] as const)];
  return [
    ['model.embed_tokens.weight', [vocabulary, width]],
    ...Array.from({ length: layers }, (_, i) => layer.map(([name, shape]) => [`model.layers.${i}.${name}.weight`, shape] as const)).flat(),
    ['model.norm.weight', [width]],
    ['lm_head.weight', [vocabulary, width]],
  ];
}

/** BF16 between 2^-4 and 2^-3, of either sign. */
function weights(name: string, shape: readonly number[], seed: number): TensorToWrite {
  const bits = new Uint16Array(shape.reduce((product, size) => product * size, 1));
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  for (let i = 0; i < bits.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bits[i] = ((state >>> 16) & 0x807f) | 0x3d80;
  }
  return { name, dtype: 'BF16', shape, bytes: new Uint8Array(bits.buffer) };
}
