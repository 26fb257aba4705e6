/**
 * Measures on one core how fast values are formed and bytes are hashed: `node --import tsx scripts/bench/rates.ts`, after
 * a build. Prints Markdown; each figure is the best of five.
 */
import { storageDtypes, type FormTask, type Hasher } from '../../src/compute/index.js';
import { bitsOf } from '../../src/checkpoint/index.js';
import { CombineKernels } from '../../src/compute/simd/index.js';
import { ValueFormer } from '../../src/compute/valueFormer.js';

const count = 16 * 1024 * 1024;
const target = { scale: 1, plus: 0, minus: null };
const segments: Readonly<Record<string, FormTask['segments']>> = {
  copy: [{ kind: 'copy', first: 0, count, input: 0 }],
  'a + λ(b − a)': [{ kind: 'combine', first: 0, count, steps: [target, { scale: 0.3, plus: 1, minus: 0 }] }],
  'target + λ(finetuned − base)': [{ kind: 'combine', first: 0, count, steps: [target, { scale: 0.3, plus: 1, minus: 2 }] }],
};

/** Units a second, in millions. */
function rate(units: number, work: () => void): string {
  const seconds = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  });
  return (units / Math.min(...seconds) / 1e6).toFixed(0);
}

/** Values of ordinary size in every dtype: the bytes repeat 0x3c 0x2d. */
function weights(byteLength: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(byteLength);
  new Uint16Array(memory).fill(0x2d3c);
  return memory;
}

const former = new ValueFormer();
const into = new ArrayBuffer(count * 4);
console.log(`| dtype | ${Object.keys(segments).join(' | ')} |\n|---|${'--:|'.repeat(Object.keys(segments).length)}`);
for (const dtype of storageDtypes) {
  const inputs = [0, 1, 2].map(() => ({ dtype, memory: weights((count * bitsOf(dtype)) / 8), start: 0 }));
  const rates = Object.values(segments).map((parts) =>
    rate(count, () => former.form({ kind: 'form', inputs, segments: parts, count, storage: dtype, rounded: true, into })),
  );
  console.log(`| ${dtype} | ${rates.join(' | ')} |`);
}
const kernels = new CombineKernels();
const [inside] = kernels.buffers([512 * 1024], 0).inputs;
const hash = (hasher: Hasher, bytes: Uint8Array) =>
  rate(bytes.byteLength * 200, () => void Array.from({ length: 200 }, () => hasher.hash(bytes)));
console.log(`\nMillions of values a second. XXH3-128: ${hash(kernels.hasher, inside!)} MB/s in the kernels' memory.`);
