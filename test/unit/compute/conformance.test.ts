import assert from 'node:assert/strict';
import { bitsOf, dtypes, isReadable, type Dtype } from '../../../src/checkpoint/index.js';
import { chunkByteLength, type Kernels } from '../../../src/compute/kernels.js';
import { assertConforms, run } from './support/assertConforms.js';
import { anyBits, encode, makeChunk, valuesOf, weights } from './support/chunks.js';
import { describeEngine, engines } from './support/engines.js';

const readable = dtypes.filter(isReadable);
const sizes = [0, 1, 3, 63, 64, 65, 1000];
/** Large enough for every implementation to leave its path for short inputs, and a multiple of no block. */
const large = Math.min(70_003, chunkByteLength / 4 - 5);
const largeOf = (dtype: Dtype): number => Math.min(large, chunkByteLength / (bitsOf(dtype) / 8));

/** Dtypes that are mixed with each other, all in all pairs: one of each way to be widened. */
const mixed: readonly Dtype[] = ['BF16', 'F16', 'F32', 'F64', 'F8_E4M3', 'I8', 'U64'];

const huge = [3e38, -3e38, 1.5e38, 2e19, -1e20, 1];
const tiny = [1e-30, -1e-30, 3e-24, 1e-19, -2e-19, 0];
const denormal = [1e-39, -1e-40, 5e-39, 1.2e-38, -1.2e-38, 0, -0];
const nonFinite = [NaN, Infinity, -Infinity, 1, -1, 0, -0];
const everything = [...huge, ...tiny, ...denormal, ...nonFinite, 0.01, -0.02, 0.5, 1e-5];
const lists = { huge, tiny, denormal, 'non-finite': nonFinite, 'mixed, huge to denormal': everything };

for (const engine of engines) {
  const title = `${engine.name} kernels: sums within 1e-6 of float64; counts, maximum and its position, histogram exact`;
  describeEngine(title, engine, () => {
    let kernels: Kernels;
    before(async () => {
      if (engine.missing !== null) throw new Error(`${engine.name} is required here, but: ${engine.missing}`);
      kernels = await engine.create();
    });
    after(() => {
      if (engine.missing === null) kernels.dispose();
    });

    for (const dtype of readable) {
      it(`${dtype}: trained weights and arbitrary bits in ${sizes.join(', ')} and ${largeOf(dtype)} elements`, async () => {
        for (const size of [...sizes, largeOf(dtype)]) {
          await assertConforms(kernels, makeChunk(weights, dtype, dtype, size));
          await assertConforms(kernels, makeChunk(anyBits, dtype, dtype, size));
        }
      });
    }

    for (const dtype of mixed) {
      it(`${dtype} against ${mixed.filter((other) => other !== dtype).join(', ')}: weights and arbitrary bits`, async () => {
        for (const other of mixed.filter((name) => name !== dtype)) {
          await assertConforms(kernels, makeChunk(weights, dtype, other, Math.min(largeOf(dtype), largeOf(other))));
          await assertConforms(kernels, makeChunk(anyBits, dtype, other, 1000));
        }
      });
    }

    for (const [name, list] of Object.entries(lists)) {
      it(`values that float32 sums cannot carry: ${name}`, async () => {
        for (const dtype of ['BF16', 'F32', 'F64'] as const) {
          for (const size of [65, 1000, largeOf(dtype)]) await assertConforms(kernels, makeChunk(valuesOf(list), dtype, dtype, size));
        }
        await assertConforms(kernels, makeChunk(valuesOf(list), 'F32', 'BF16', large));
      });
    }

    it('a few values that float32 sums cannot carry among many that they can', async () => {
      for (const list of Object.values(lists)) {
        const chunk = makeChunk(weights, 'F32', 'F32', large);
        list.forEach((outlier, i) => (new Float32Array(chunk.bytesA.buffer)[i * 1200 + 63] = outlier));
        list.forEach((outlier, i) => (new Float32Array(chunk.bytesB.buffer)[i * 600 + 63] = outlier));
        await assertConforms(kernels, chunk);
      }
    });

    for (const dtype of ['BF16', 'F32'] as const) {
      it(`a whole chunk of ${chunkByteLength} bytes of ${dtype}`, async () => {
        await assertConforms(kernels, makeChunk(weights, dtype, dtype, (chunkByteLength * 8) / bitsOf(dtype)));
      });
    }

    it('identical inputs: no change, whatever the bits', async () => {
      for (const dtype of readable) {
        const count = largeOf(dtype);
        const bytes = anyBits(dtype, count, 5);
        await assertConforms(kernels, { dtypeA: dtype, dtypeB: dtype, bytesA: bytes, bytesB: bytes, count });
      }
    });

    it('all zero, of both signs', async () => {
      for (const dtype of ['BF16', 'F32', 'F64'] as const) {
        const count = largeOf(dtype);
        const bytesA = encode(dtype, new Array<number>(count).fill(0));
        const bytesB = encode(dtype, new Array<number>(count).fill(-0));
        await assertConforms(kernels, { dtypeA: dtype, dtypeB: dtype, bytesA, bytesB, count });
      }
    });

    it('zeros among weights: on one side, on both, of either sign', async () => {
      for (const dtype of ['BF16', 'F32'] as const) {
        const chunk = makeChunk(weights, dtype, dtype, 64 * 40);
        const width = bitsOf(dtype) / 8;
        const clear = (bytes: Uint8Array, block: number): void => void bytes.fill(0, block * 64 * width, (block + 1) * 64 * width);
        for (const block of [3, 4, 11, 39]) clear(chunk.bytesA, block);
        for (const block of [3, 5, 11, 39]) clear(chunk.bytesB, block);
        for (const [block, bytes] of [
          [3, chunk.bytesA],
          [11, chunk.bytesB],
        ] as const)
          bytes.set(encode(dtype, [-0, -0]), (block * 64 + 9) * width);
        await assertConforms(kernels, chunk);
      }
    });

    it('one value among zeros, whose square float32 takes for zero', async () => {
      for (const dtype of ['BF16', 'F32'] as const) {
        const bytes = encode(dtype, [...new Array<number>(127).fill(0), 1e-30]);
        await assertConforms(kernels, { dtypeA: dtype, dtypeB: dtype, bytesA: bytes, bytesB: bytes, count: 128 });
        assert.ok((await run(kernels, { dtypeA: dtype, dtypeB: dtype, bytesA: bytes, bytesB: bytes, count: 128 })).sumSquaresA > 0);
      }
    });

    it('sums that cancel: products and differences of alternating sign', async () => {
      for (const dtype of ['BF16', 'F32', 'F64'] as const) {
        const values = Array.from({ length: largeOf(dtype) }, (_, i) => 0.01 + (i % 97) / 7000);
        const flipped = values.map((value, i) => (i % 2 === 0 ? value : -value));
        const [bytesA, bytesB] = [encode(dtype, values), encode(dtype, flipped)];
        await assertConforms(kernels, { dtypeA: dtype, dtypeB: dtype, bytesA, bytesB, count: values.length });
      }
    });

    it('constant tensors, where every block rounds alike', async () => {
      for (const value of [0.1, 1 / 3, 1e-3, 257.7]) {
        const bytesA = encode('F32', new Array<number>(large).fill(value));
        const bytesB = encode('F32', new Array<number>(large).fill(value * 1.0001));
        await assertConforms(kernels, { dtypeA: 'F32', dtypeB: 'F32', bytesA, bytesB, count: large });
      }
    });

    it('two maxima that float32 cannot tell apart: the larger in float64 wins', async () => {
      const a = new Array<number>(large).fill(0.5);
      const b = [...a];
      [a[70], b[70]] = [-1, 2 ** 24];
      [a[large - 1], b[large - 1]] = [-1.5, 2 ** 24];
      const chunk = { dtypeA: 'F32', dtypeB: 'F32', bytesA: encode('F32', a), bytesB: encode('F32', b), count: large } as const;
      await assertConforms(kernels, chunk);
      assert.equal((await run(kernels, chunk)).maxAbsDeltaIndex, large - 1);
    });

    it('equal maxima: the first position wins, also across the parts of a chunk', async () => {
      const count = chunkByteLength / 4;
      const a = new Array<number>(count).fill(0);
      const b = [...a];
      b[count / 2 + 3] = -1;
      b[count - 9] = b[count - 1] = 1;
      const result = await run(kernels, { dtypeA: 'F32', dtypeB: 'F32', bytesA: encode('F32', a), bytesB: encode('F32', b), count });
      assert.deepEqual([result.maxAbsDelta, result.maxAbsDeltaIndex], [1, count / 2 + 3]);
    });

    it('takes any BOOL byte but 0 for true', async () => {
      const bytesA = new Uint8Array([0, 0, 1, 2, 255]);
      const bytesB = new Uint8Array([0, 3, 2, 1, 0]);
      await assertConforms(kernels, { dtypeA: 'BOOL', dtypeB: 'BOOL', bytesA, bytesB, count: 5 });
    });

    it('gives the same result again, whatever was compared in between', async () => {
      const chunk = makeChunk(weights, 'BF16', 'BF16', large);
      const first = await run(kernels, chunk);
      await run(kernels, makeChunk(anyBits, 'F32', 'F16', large));
      assert.deepEqual(await run(kernels, chunk), first);
    });

    it('refuses inputs beyond the size of a chunk, and dtypes that are not read', async () => {
      assert.throws(() => kernels.inputs(chunkByteLength + 1, 0));
      assert.throws(() => kernels.inputs(0, chunkByteLength + 1));
      kernels.inputs(64, 64);
      await assert.rejects(async () => kernels.compare('C64', 'C64', 8), /C64/);
    });
  });
}
