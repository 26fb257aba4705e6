/**
 * Makes base, finetuned and target whose tensors are Llama-shaped, all zero, and take no room on the disk, to measure memory
 * at sizes that are not at hand: `node --import tsx scripts/bench/makeSparse.ts FOLDER TIMES`. The heights of all matrices
 * are multiplied; at 1 a version has 861 MB, with 219 tensors at any size.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSparse } from '../../test/support/sparseCheckpoint.js';

const [folder, times] = [process.argv[2], Number(process.argv[3])];
if (folder === undefined || !(times >= 1)) throw new Error('usage: makeSparse.ts FOLDER TIMES');

const heights: Readonly<Record<string, number>> = {
  'self_attn.q_proj': 1024,
  'self_attn.k_proj': 256,
  'self_attn.v_proj': 256,
  'self_attn.o_proj': 1024,
  'mlp.gate_proj': 4096,
  'mlp.up_proj': 4096,
  'mlp.down_proj': 4096,
};
const matrix = (name: string, height: number) => ({ name, dtype: 'BF16', shape: [height * times, 1024] }) as const;
const norm = (name: string) => ({ name, dtype: 'BF16', shape: [1024] }) as const;

const layers = Array.from({ length: 24 }, (_, i) => [
  norm(`model.layers.${i}.input_layernorm.weight`),
  ...Object.entries(heights).map(([module, height]) => matrix(`model.layers.${i}.${module}.weight`, height)),
  norm(`model.layers.${i}.post_attention_layernorm.weight`),
]);
const tensors = [matrix('model.embed_tokens.weight', 32000), ...layers.flat(), norm('model.norm.weight'), matrix('lm_head.weight', 32000)];

for (const version of ['base', 'finetuned', 'target']) {
  mkdirSync(join(folder, version), { recursive: true });
  void writeSparse(join(folder, version, 'model.safetensors'), tensors);
}
