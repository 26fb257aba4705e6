import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { bitsOf, type Dtype } from '../../../src/checkpoint/index.js';
import { storageDtypes, type StorageDtype, type WeightedStep } from '../../../src/compute/combination.js';
import { FileReader } from '../../../src/compute/fileReader.js';
import {
  FileReadError,
  inOrder,
  WorkerPool,
  type ChunkInput,
  type ChunkSegment,
  type FormedValues,
  type FormTask,
  type ValuesToForm,
  type TensorSlice,
} from '../../../src/compute/index.js';
import { ValueFormer } from '../../../src/compute/valueFormer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { anyBits, weights, type MakeBytes } from './support/chunks.js';
import { countNonFinite, referenceValues, type Forming } from './support/referenceValues.js';
import { modifiedAtOf } from '../../../src/base/modifiedAt.js';

/** Bytes that are held without a file: `tensor` is the index of the input. */
class HeldBytes extends FileReader {
  inputs: readonly Uint8Array[] = [];

  override read({ tensor }: TensorSlice, target: Uint8Array): void {
    target.set(this.inputs[Number(tensor)]!);
  }
}

const held = new HeldBytes();
const former = new ValueFormer(held);

const target = { scale: 1, plus: 0, minus: null } as const;
const shapes: Readonly<Record<string, readonly WeightedStep[]>> = {
  'transfer, λ = 1': [target, { scale: 1, plus: 1, minus: 2 }],
  'transfer, λ = 0.3': [target, { scale: 0.3, plus: 1, minus: 2 }],
  'interpolation, an input twice': [target, { scale: 0.25, plus: 1, minus: 0 }],
  'two directions': [target, { scale: 0.5, plus: 1, minus: 0 }, { scale: -0.7, plus: 2, minus: 0 }],
  'target and delta': [target, { scale: 0.7, plus: 1, minus: null }],
  'diff vector': [{ scale: 1, plus: 1, minus: 2 }],
  copy: [target],
};

function inputOf(dtype: Dtype, index: number, { byteLength }: Uint8Array): ChunkInput {
  const file = { path: '', byteLength, modifiedAt: 0 };
  return { dtype, byteLength, slices: [{ slice: { file, tensor: `${index}`, dtype, start: 0, byteLength }, at: 0 }] };
}

/** Loads `inputs` in reverse order, so that an input's number is not its place; the task has a buffer that is too large and full of rubbish. */
function loadedTask({ dtypes, ...forming }: Forming, inputs: readonly Uint8Array[]): FormTask {
  held.inputs = inputs;
  const loaded = former.load({ kind: 'load', inputs: inputs.map((bytes, i) => inputOf(dtypes[i]!, i, bytes)).reverse() });
  assert.equal(
    loaded,
    inputs.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  const into = new Uint8Array(forming.count * 4 + 8).fill(0xa5).buffer;
  return { kind: 'form', parts: [{ ...forming, into, inputs: inputs.map((_, i) => inputs.length - 1 - i) }] };
}

function inputsOf(make: MakeBytes, dtypes: readonly Dtype[], count: number, seed: number): Uint8Array[] {
  return dtypes.map((dtype, i) => make(dtype, count, seed * 10 + i));
}

/** Every value has the reference's bits. */
function assertFormed(forming: Forming, inputs: readonly Uint8Array[]): void {
  const [{ values, nonFinite }] = former.form(loadedTask(forming, inputs)) as [FormedValues];
  const wanted = referenceValues(forming, inputs);
  assert.deepEqual(new Uint32Array(values, 0, forming.count), wanted);
  assert.equal(nonFinite, countNonFinite(wanted));
}

const whole = (steps: readonly WeightedStep[], count: number): ChunkSegment[] => [{ kind: 'combine', first: 0, count, steps }];

describe('values formed in memory against the reference, bit for bit', () => {
  for (const rounded of [true, false]) {
    for (const storage of storageDtypes) {
      it(`${storage}, ${rounded ? 'rounded' : 'not rounded'}: weights and any bits, sizes around the blocks`, () => {
        for (const [i, steps] of Object.values(shapes).entries()) {
          for (const [make, count] of [
            [weights, 1],
            [anyBits, 3],
            [weights, 4099],
            [anyBits, 17_003],
          ] as const) {
            const dtypes = [storage, storage, storage];
            assertFormed({ dtypes, segments: whole(steps, count), count, storage, rounded }, inputsOf(make, dtypes, count, i));
          }
        }
      });
    }
  }

  it('every mix of storage types, and eight-bit and integer inputs', () => {
    const all: readonly Dtype[] = [...storageDtypes, 'F8_E4M3', 'F8_E5M2', 'I8', 'U16', 'I64', 'BOOL'];
    for (const [i, first] of all.entries()) {
      const dtypes = [first, all[(i + 1) % all.length]!, all[(i + 3) % all.length]!];
      for (const storage of storageDtypes) {
        for (const steps of [shapes['transfer, λ = 0.3']!, shapes['copy']!]) {
          const forming = { dtypes, segments: whole(steps, 901), count: 901, storage, rounded: i % 2 === 0 };
          assertFormed(forming, inputsOf(anyBits, dtypes, 901, i));
        }
      }
    }
  });

  it('segments of every kind in one task: each value is what its segment says, zeros among them', () => {
    const dtypes = ['BF16', 'F16', 'F32'] as const;
    const count = 20_000;
    const segments: ChunkSegment[] = [
      { kind: 'copy', first: 0, count: 7, input: 1 },
      { kind: 'combine', first: 7, count: 16_391, steps: shapes['transfer, λ = 0.3']! },
      { kind: 'zeros', first: 16_398, count: 2 },
      { kind: 'copy', first: 16_400, count: 3600, input: 2 },
    ];
    for (const rounded of [true, false])
      assertFormed({ dtypes, segments, count, storage: 'BF16', rounded }, inputsOf(anyBits, dtypes, count, 3));
  });

  it('what rounding to the checkpoint swallows is there when it is not asked for', () => {
    const bf16 = (bits: number) => new Uint8Array(Uint16Array.of(bits).buffer);
    const inputs = [bf16(0x3f80), bf16(0x3a80), bf16(0)]; // 1 + 2^-10
    const formed = (rounded: boolean) => {
      const dtypes = ['BF16', 'BF16', 'BF16'] as const;
      const segments = whole(shapes['transfer, λ = 1']!, 1);
      const [{ values }] = former.form(loadedTask({ dtypes, segments, count: 1, storage: 'BF16', rounded }, inputs)) as [FormedValues];
      return new Float32Array(values, 0, 1)[0];
    };
    assert.deepEqual([formed(true), formed(false)], [1, 1 + 2 ** -10]);
  });

  it('property: any steps over any bits', () => {
    const step = fc.record({
      scale: fc.constantFrom(1, -1, 0.3, 1e-30, 1e30),
      plus: fc.nat(2),
      minus: fc.option(fc.nat(2), { nil: null }),
    });
    const dtype = fc.constantFrom<StorageDtype>(...storageDtypes);
    const steps = fc.array(step, { minLength: 1, maxLength: 4 });
    const property = fc.property(
      steps,
      dtype,
      dtype,
      fc.nat(200),
      fc.nat(1000),
      fc.boolean(),
      (chosen, other, storage, count, seed, rounded) => {
        const dtypes = [storage, other, storage];
        const inputs = inputsOf(seed % 2 === 0 ? anyBits : weights, dtypes, count, seed);
        assertFormed({ dtypes, segments: whole(chosen, count), count, storage, rounded }, inputs);
      },
    );
    fc.assert(property, { seed: 20261125, numRuns: 150 });
  });
});

describe('inputs that are too large for a worker', () => {
  it('are refused before anything is read, with what helps', () => {
    const input: ChunkInput = { dtype: 'BF16', byteLength: 2.2e9, slices: [] };
    assert.throws(() => former.load({ kind: 'load', inputs: [input, input] }), /would hold 4\.4 GB of its weights.*Use more threads/);
  });
});

describe('loading and forming in a pool', () => {
  const at = temporaryFolder();

  async function sliceOf(name: string, bytes: Uint8Array, dtype: Dtype, start: number): Promise<TensorSlice> {
    const path = at(name);
    await writeFile(path, Buffer.concat([Buffer.alloc(start, 0xff), bytes]));
    const stats = await stat(path, { bigint: true });
    return {
      file: { path, byteLength: Number(stats.size), modifiedAt: modifiedAtOf(stats) },
      tensor: name,
      dtype,
      start,
      byteLength: bytes.byteLength,
    };
  }

  for (const workers of [1, 2]) {
    it(`workers: ${workers}. What files hold, read once and combined many times into recycled buffers`, async () => {
      const [count, scales] = [5003, [0, 0.25, 0.5, 0.75, 1]];
      const inputs = inputsOf(weights, ['BF16', 'BF16', 'BF16'], count, 7);
      const slices = await Promise.all(inputs.map((bytes, i) => sliceOf(`input${i}`, bytes, 'BF16', 10 + i)));
      const byteLength = (count * bitsOf('BF16')) / 8;
      await WorkerPool.use({ engine: 'simd', workers }, undefined, async (pool) => {
        const chunks = slices.map((slice) => ({ dtype: 'BF16', byteLength, slices: [{ slice, at: 0 }] }) as const);
        const worker = workers - 1;
        assert.equal(await pool.run({ kind: 'load', inputs: chunks }, worker), 3 * byteLength);
        const buffers = [new ArrayBuffer(count * 4), new ArrayBuffer(count * 4)];
        const form = async (scale: number): Promise<ArrayBuffer> => {
          const segments = whole([target, { scale, plus: 1, minus: 2 }], count);
          const into = buffers.pop()!;
          const part: ValuesToForm = { inputs: [0, 1, 2], segments, count, storage: 'BF16', rounded: true, into };
          const formed = pool.run({ kind: 'form', parts: [part] }, worker);
          assert.equal(into.byteLength, 0, 'the buffer has moved, not been copied');
          return (await formed)[0]!.values;
        };
        for await (const { item: scale, result } of inOrder(scales, form, 2)) {
          const segments = whole([target, { scale, plus: 1, minus: 2 }], count);
          const wanted = referenceValues({ dtypes: ['BF16', 'BF16', 'BF16'], segments, count, storage: 'BF16', rounded: true }, inputs);
          assert.deepEqual(new Uint32Array(result), wanted);
          buffers.push(result);
        }
      });
    });
  }

  it('has zeros where no slice goes, whatever was held before, and names the file that changed', async () => {
    const slice = await sliceOf('part', Uint8Array.of(1, 2, 3, 4), 'U8', 5);
    const before = await sliceOf('before', new Uint8Array(8).fill(9), 'U8', 0);
    const input = (placed: TensorSlice, start: number): ChunkInput => ({
      dtype: 'U8',
      byteLength: 8,
      slices: [{ slice: placed, at: start }],
    });
    await WorkerPool.use({ engine: 'simd', workers: 1 }, undefined, async (pool) => {
      assert.equal(await pool.run({ kind: 'load', inputs: [input(before, 0)] }), 8);
      assert.equal(await pool.run({ kind: 'load', inputs: [input(slice, 2)] }), 4);
      const segments: ChunkSegment[] = [{ kind: 'copy', first: 0, count: 8, input: 0 }];
      const into = new ArrayBuffer(32);
      const part: ValuesToForm = { inputs: [0], segments, count: 8, storage: 'F32', rounded: true, into };
      const [formed] = await pool.run({ kind: 'form', parts: [part] });
      assert.deepEqual([...new Float32Array(formed!.values)], [0, 0, 1, 2, 3, 4, 0, 0]);
      const older = { ...slice, file: { ...slice.file, path: at('gone') } };
      const failed = pool.run({ kind: 'load', inputs: [input(older, 0)] });
      await assert.rejects(failed, (error) => error instanceof FileReadError && error.message.includes('gone (tensor "part")'));
    });
  });
});
