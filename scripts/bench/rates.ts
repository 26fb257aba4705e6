/**
 * Measures on one core how fast values are formed and bytes are hashed: `node --import tsx scripts/bench/rates.ts`, after
 * a build. Prints Markdown; each figure is the best of five.
 */
import { bitsOf, type Dtype } from '../../src/checkpoint/index.js';
import { FileReader } from '../../src/compute/fileReader.js';
import { storageDtypes, type ChunkInput, type ValuesToForm, type Hasher, type TensorSlice } from '../../src/compute/index.js';
import { CombineKernels } from '../../src/compute/simd/index.js';
import { ValueFormer } from '../../src/compute/valueFormer.js';

const count = 16 * 1024 * 1024;
const target = { scale: 1, plus: 0, minus: null };
const segments: Readonly<Record<string, ValuesToForm['segments']>> = {
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

/** Fills inputs with values of ordinary size in every dtype: the bytes repeat 0x3c 0x2d. */
class OrdinaryValues extends FileReader {
  override read(_slice: TensorSlice, target: Uint8Array): void {
    target.fill(0x2d);
    for (let i = 0; i < target.byteLength; i += 2) target[i] = 0x3c;
  }
}

function inputOf(dtype: Dtype): ChunkInput {
  const byteLength = (count * bitsOf(dtype)) / 8;
  const file = { path: '', byteLength, modifiedAt: 0 };
  return { dtype, byteLength, slices: [{ slice: { file, tensor: '', dtype, start: 0, byteLength }, at: 0 }] };
}

const former = new ValueFormer(new OrdinaryValues());
const into = new ArrayBuffer(count * 4);
console.log(`| dtype | ${Object.keys(segments).join(' | ')} |\n|---|${'--:|'.repeat(Object.keys(segments).length)}`);
for (const dtype of storageDtypes) {
  former.load({ kind: 'load', inputs: [0, 1, 2].map(() => inputOf(dtype)) });
  const rates = Object.values(segments).map((parts) =>
    rate(count, () =>
      former.form({ kind: 'form', parts: [{ inputs: [0, 1, 2], segments: parts, count, storage: dtype, rounded: true, into }] }),
    ),
  );
  console.log(`| ${dtype} | ${rates.join(' | ')} |`);
}
const kernels = new CombineKernels();
const [inside] = kernels.buffers([512 * 1024], 0).inputs;
const hash = (hasher: Hasher, bytes: Uint8Array) =>
  rate(bytes.byteLength * 200, () => void Array.from({ length: 200 }, () => hasher.hash(bytes)));
console.log(`\nMillions of values a second. XXH3-128: ${hash(kernels.hasher, inside!)} MB/s in the kernels' memory.`);
