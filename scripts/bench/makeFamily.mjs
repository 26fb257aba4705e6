/**
 * Writes three checkpoints, Llama-shaped, random weights: `base/`, `finetuned/` and `target/` under a folder, each with a
 * config and a tokenizer, so that they can be scored. About 861 MB each in BF16 at the default size; `layers` scales it.
 */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTokenizer } from './makeTokenizer.mjs';

const hidden = 1024;
const headSize = 64;
const vocabulary = 32000;

/** Of each dtype its bytes, its name in a config, and the stored form of float32 values. */
const dtypes = {
  BF16: { size: 2, torch: 'bfloat16', encode: (values) => narrow(values, toBFloat16) },
  F16: { size: 2, torch: 'float16', encode: (values) => narrow(values, toFloat16) },
  F32: { size: 4, torch: 'float32', encode: (values) => values },
};

/** The family of this many layers under `parent`, made once. */
export function familyFolder(parent, layers, dtype = 'BF16') {
  if (!(dtype in dtypes)) throw new Error(`dtype ${dtype}: expected one of ${Object.keys(dtypes).join(', ')}`);
  const folder = join(parent, `family-${layers}-${dtype}`);
  if (!existsSync(join(folder, 'target', 'tokenizer.json'))) {
    console.error(`Making random checkpoints in ${dtype} (once) …`);
    makeFamily(folder, layers, dtype);
  }
  return folder;
}

function makeFamily(folder, layers, dtype) {
  for (const [version, drift] of [
    ['base', 0],
    ['finetuned', 5e-4],
    ['target', 3e-3],
  ]) {
    const target = join(folder, version);
    mkdirSync(target, { recursive: true });
    writeCheckpoint(join(target, 'model.safetensors'), layers, drift, dtype);
    writeFileSync(join(target, 'config.json'), JSON.stringify(config(layers, dtype), null, 2));
    writeFileSync(join(target, 'tokenizer.json'), JSON.stringify(makeTokenizer(vocabulary)));
  }
}

function config(layers, dtype) {
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
    torch_dtype: dtypes[dtype].torch,
  };
}

function writeCheckpoint(path, layers, drift, dtype) {
  const header = {};
  let offset = 0;
  for (const [name, shape] of tensors(layers)) {
    const end = offset + elementCount(shape) * dtypes[dtype].size;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(path, 'w');
  writeSync(file, prefix);
  writeSync(file, text);
  for (const [index, [, shape]] of tensors(layers).entries())
    writeSync(file, dtypes[dtype].encode(randomValues(index, elementCount(shape), drift)));
  closeSync(file);
}

const elementCount = (shape) => shape.reduce((product, size) => product * size, 1);

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
  return values;
}

/** The stored 16 bits of each float32. */
function narrow(values, toStored) {
  const bits = new Uint32Array(values.buffer);
  const stored = new Uint16Array(values.length);
  for (let i = 0; i < stored.length; i++) stored[i] = toStored(bits[i]);
  return stored;
}

function toBFloat16(bits) {
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** For magnitudes below 65504; ties are rounded upwards, which random values do not show. */
function toFloat16(bits) {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  if (exponent > 0) return sign | ((exponent << 10) + ((bits & 0x7fffff) >>> 13) + ((bits >>> 12) & 1));
  const shift = 14 - exponent;
  return shift > 24 ? sign : sign | ((((bits & 0x7fffff) | 0x800000) + (1 << (shift - 1))) >>> shift);
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
