/**
 * Measures on one core how fast a quantised weight is decoded and compared with its BF16 twin, files in the page cache:
 * `npm run bench:decoding -- [SCHEME…]`, after a build. Prints Markdown: medians of five of
 * processor time, so that other work on the machine hardly matters.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planComparison, planTasks } from '../../src/compare/planComparison.js';
import { runTask, type WorkerTools } from '../../src/compute/runTask.js';
import { createSimdKernels } from '../../src/compute/simd/index.js';
import { SliceReader } from '../../src/compute/sliceReader.js';
import { openModel } from '../../src/model/index.js';
import { writeSafetensors, type TensorToWrite } from '../../test/support/safetensorsFile.js';

const [rows, columns] = [4096, 4096];
const rounds = 5;
const name = 'model.layers.0.mlp.up_proj.weight';
const module = 'model.layers.0.mlp.up_proj';

/** Bytes that repeat only after a while. */
function bytes(count: number, of: (random: number) => number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => of((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24));
}

/** Numbers of two bytes between ½ and 1 · 2^-8 as float16, or of ordinary size as BF16. */
function halves(count: number, top: number): Uint8Array {
  const all = bytes(count * 2, (random) => random);
  for (let i = 1; i < all.length; i += 2) all[i] = top;
  return all;
}

const floats = (count: number): Uint8Array => new Uint8Array(Float32Array.from({ length: count }, (_, i) => 0.001 + i / 1e8).buffer);

interface Twin {
  readonly tensors: readonly TensorToWrite[];
  readonly name?: string;
  readonly config: object;
}

const codes = (count: number) => bytes(count, (random) => random);
const quantised = (settings: object): object => ({ model_type: 'llama', quantization_config: settings });

const schemes: Readonly<Record<string, () => Twin>> = {
  'BF16, nothing to decode': () => ({
    tensors: [{ name, dtype: 'BF16', shape: [rows, columns], bytes: halves(rows * columns, 0x3b) }],
    config: { model_type: 'llama' },
  }),
  'F32, nothing to decode': () => ({
    tensors: [{ name, dtype: 'F32', shape: [rows, columns], bytes: floats(rows * columns) }],
    config: { model_type: 'llama' },
  }),
  'block-FP8': () => ({
    tensors: [
      { name, dtype: 'F8_E4M3', shape: [rows, columns], bytes: bytes(rows * columns, (random) => ((random & 0x7f) === 0x7f ? 0 : random)) },
      { name: `${name}_scale_inv`, dtype: 'F32', shape: [rows / 128, columns / 128], bytes: floats((rows / 128) * (columns / 128)) },
    ],
    config: quantised({ quant_method: 'fp8', weight_block_size: [128, 128] }),
  }),
  GPTQ: () => ({
    tensors: [
      { name: `${module}.qweight`, dtype: 'I32', shape: [columns / 8, rows], bytes: codes((columns * rows) / 2) },
      { name: `${module}.qzeros`, dtype: 'I32', shape: [columns / 128, rows / 8], bytes: codes(((columns / 128) * rows) / 2) },
      { name: `${module}.scales`, dtype: 'F16', shape: [columns / 128, rows], bytes: halves((columns / 128) * rows, 0x18) },
      {
        name: `${module}.g_idx`,
        dtype: 'I32',
        shape: [columns],
        bytes: new Uint8Array(Int32Array.from({ length: columns }, (_, i) => i >> 7).buffer),
      },
    ],
    config: quantised({ quant_method: 'gptq', bits: 4, group_size: 128, desc_act: false }),
  }),
  AWQ: () => ({
    tensors: [
      { name: `${module}.qweight`, dtype: 'I32', shape: [columns, rows / 8], bytes: codes((columns * rows) / 2) },
      { name: `${module}.qzeros`, dtype: 'I32', shape: [columns / 128, rows / 8], bytes: codes(((columns / 128) * rows) / 2) },
      { name: `${module}.scales`, dtype: 'F16', shape: [columns / 128, rows], bytes: halves((columns / 128) * rows, 0x18) },
    ],
    config: quantised({ quant_method: 'awq', bits: 4, group_size: 128, zero_point: true, version: 'gemm' }),
  }),
  MXFP4: () => ({
    name: 'model.layers.0.mlp.experts.gate_up_proj',
    tensors: [
      {
        name: 'model.layers.0.mlp.experts.gate_up_proj_blocks',
        dtype: 'U8',
        shape: [4, rows / 4, columns / 32, 16],
        bytes: codes((rows * columns) / 2),
      },
      {
        name: 'model.layers.0.mlp.experts.gate_up_proj_scales',
        dtype: 'U8',
        shape: [4, rows / 4, columns / 32],
        bytes: bytes((rows * columns) / 32, (random) => 112 + (random & 15)),
      },
    ],
    config: { ...quantised({ quant_method: 'mxfp4' }), model_type: 'gpt_oss' },
  }),
  nf4: () => {
    const state = Buffer.from(JSON.stringify({ quant_type: 'nf4', blocksize: 64, dtype: 'bfloat16', shape: [rows, columns] }));
    return {
      tensors: [
        { name, dtype: 'U8', shape: [(rows * columns) / 2, 1], bytes: codes((rows * columns) / 2) },
        { name: `${name}.absmax`, dtype: 'F32', shape: [(rows * columns) / 64], bytes: floats((rows * columns) / 64) },
        { name: `${name}.quant_map`, dtype: 'F32', shape: [16], bytes: floats(16) },
        { name: `${name}.quant_state.bitsandbytes__nf4`, dtype: 'U8', shape: [state.byteLength], bytes: state },
      ],
      config: quantised({ quant_method: 'bitsandbytes', load_in_4bit: true }),
    };
  },
};

async function write(folder: string, { tensors, config }: Twin): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

/** Billions of values a second, of each round. */
async function measure(folder: string, twin: Twin): Promise<number[]> {
  await write(join(folder, 'coded'), twin);
  const coded = await openModel(join(folder, 'coded'));
  const weight = coded.parameters[0]!;
  const plain = { name: weight.name, dtype: 'BF16', shape: weight.shape!, bytes: halves(rows * columns, 0x3c) } as const;
  await write(join(folder, 'plain'), { tensors: [plain], config: { model_type: 'llama' } });
  const version = await openModel(join(folder, 'plain'));
  const kernels = await createSimdKernels();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const tools: WorkerTools = { kernels, reader: new SliceReader(), combiner: unused, former: unused, products: unused };
    const started = process.cpuUsage();
    let compared = 0;
    for (const { task } of planTasks(planComparison(coded, version, { prefixMap: null, map: [] }))) {
      await runTask(task, tools);
      compared += task.pairs.reduce((sum, { count }) => sum + count, 0);
    }
    const { user, system } = process.cpuUsage(started);
    rates.push(compared / (user + system) / 1e3);
  }
  return rates;
}

function unused(): never {
  throw new Error('not needed to compare');
}

async function main(): Promise<void> {
  console.log('| scheme | billions of values a second | ns a value |\n|---|--:|--:|');
  for (const scheme of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(schemes)) {
    const folder = await mkdtemp(join(tmpdir(), 'model-rebase-bench-'));
    try {
      const rates = (await measure(folder, schemes[scheme]!())).sort((one, other) => one - other);
      const median = rates[rates.length >> 1]!;
      console.log(`| ${scheme} | ${median.toFixed(3)} | ${(1 / median).toFixed(2)} |`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  console.log(`\nPeak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB.`);
}

void main();
