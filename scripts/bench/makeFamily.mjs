/**
 * Writes three checkpoints, Llama-shaped, random weights in BF16: `base/`, `finetuned/` and `target/` under a folder, each
 * with a config and a tokenizer, so that they can be scored. About 861 MB each at the default size; `layers` scales it.
 */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTokenizer } from './makeTokenizer.mjs';

const hidden = 1024;
const headSize = 64;
const vocabulary = 32000;

/** The family of this many layers under `parent`, made once. */
export function familyFolder(parent, layers) {
  const folder = join(parent, `family-${layers}`);
  if (!existsSync(join(folder, 'target', 'tokenizer.json'))) {
    console.error('Making random checkpoints (once) …');
    makeFamily(folder, layers);
  }
  return folder;
}

function makeFamily(folder, layers) {
  for (const [version, drift] of [
    ['base', 0],
    ['finetuned', 5e-4],
    ['target', 3e-3],
  ]) {
    const target = join(folder, version);
    mkdirSync(target, { recursive: true });
    writeCheckpoint(join(target, 'model.safetensors'), layers, drift);
    writeFileSync(join(target, 'config.json'), JSON.stringify(config(layers), null, 2));
    writeFileSync(join(target, 'tokenizer.json'), JSON.stringify(makeTokenizer(vocabulary)));
  }
}

function config(layers) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: hidden,
    intermediate_size: 4 * hidden,
    num_hidden_layers: layers,
    num_attention_heads: hidden / headSize,
    num_key_value_heads: hidden / headSize / 4,
    head_dim: headSize,
    hidden_act: 'silu',
    attention_bias: false,
    mlp_bias: false,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    vocab_size: vocabulary,
    bos_token_id: null,
    eos_token_id: null,
    tie_word_embeddings: false,
    torch_dtype: 'bfloat16',
  };
}

function writeCheckpoint(path, layers, drift) {
  const header = {};
  let offset = 0;
  for (const [name, shape] of tensors(layers)) {
    const end = offset + shape.reduce((product, size) => product * size, 2);
    header[name] = { dtype: 'BF16', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(path, 'w');
  writeSync(file, prefix);
  writeSync(file, text);
  for (const [index, [, shape]] of tensors(layers).entries())
    writeSync(
      file,
      randomValues(
        index,
        shape.reduce((product, size) => product * size, 1),
        drift,
      ),
    );
  closeSync(file);
}

function tensors(layers) {
  const layer = (i) => {
    const of = (module, shape) => [`model.layers.${i}.${module}.weight`, shape];
    const attention = [
      of('self_attn.q_proj', [hidden, hidden]),
      of('self_attn.k_proj', [hidden / 4, hidden]),
      of('self_attn.v_proj', [hidden / 4, hidden]),
      of('self_attn.o_proj', [hidden, hidden]),
    ];
    const mlp = [
      of('mlp.gate_proj', [4 * hidden, hidden]),
      of('mlp.up_proj', [4 * hidden, hidden]),
      of('mlp.down_proj', [hidden, 4 * hidden]),
    ];
    return [of('input_layernorm', [hidden]), ...attention, of('post_attention_layernorm', [hidden]), ...mlp];
  };
  const outside = (name, shape) => [[name, shape]];
  return [
    ...outside('model.embed_tokens.weight', [vocabulary, hidden]),
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
    ...outside('model.norm.weight', [hidden]),
    ...outside('lm_head.weight', [vocabulary, hidden]),
  ];
}

/** Roughly normal values (sum of four uniform ones) from two xorshift streams: one for the weights, one for the drift. */
function randomValues(seed, count, drift) {
  const values = new Float32Array(count);
  const weight = uniform(seed * 2 + 1);
  const change = uniform(seed * 2 + 2);
  for (let i = 0; i < count; i++)
    values[i] =
      0.02 * 1.7 * (weight() + weight() + weight() + weight() - 2) + drift * 1.7 * (change() + change() + change() + change() - 2);
  const wide = new Uint32Array(values.buffer);
  return Uint16Array.from(wide, (bits) => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
}

function uniform(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}
