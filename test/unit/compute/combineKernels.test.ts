import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bitsOf, dtypes, isReadable, kindOf, type Dtype } from '../../../src/checkpoint/index.js';
import {
  storageDtypes,
  type Arithmetic,
  type RoundingSums,
  type StorageDtype,
  type WeightedStep,
} from '../../../src/compute/combination.js';
import { decodeToFloat64, encodeFromFloat64, referenceCombination } from '../../../src/compute/reference/index.js';
import { CombineKernels } from '../../../src/compute/simd/index.js';
import { anyBits, weights, type MakeBytes } from './support/chunks.js';

const kernels = new CombineKernels();

const transfer = (scale: number): WeightedStep[] => [
  { scale: 1, plus: 0, minus: null },
  { scale, plus: 1, minus: 2 },
];
const shapes: Readonly<Record<string, readonly WeightedStep[]>> = {
  'transfer, λ = 1': transfer(1),
  'transfer, λ = 0.3': transfer(0.3),
  'transfer, λ = −1': transfer(-1),
  interpolation: [
    { scale: 1, plus: 0, minus: null },
    { scale: 0.25, plus: 1, minus: 0 },
  ],
  'diff vector': [{ scale: 1, plus: 1, minus: 2 }],
  'target and delta': [
    { scale: 1, plus: 0, minus: null },
    { scale: 0.7, plus: 1, minus: null },
  ],
  'three steps': [
    { scale: 0.5, plus: 0, minus: null },
    { scale: -2, plus: 1, minus: 2 },
    { scale: 1e-3, plus: 2, minus: 0 },
  ],
};

function run(arithmetic: Arithmetic, inputs: readonly Uint8Array[]): { bytes: Uint8Array; rounding: RoundingSums } {
  const buffers = kernels.buffers(
    inputs.map(({ length }) => length),
    (arithmetic.count * bitsOf(arithmetic.storage)) / 8,
  );
  inputs.forEach((bytes, i) => buffers.inputs[i]!.set(bytes));
  const rounding = kernels.combine(arithmetic);
  return { bytes: buffers.output.slice(), rounding };
}

/** Bytes and counts are the reference's; sums of squares within 1e-6 of it, since 16-bit types add them up in float32. */
function assertExact(arithmetic: Arithmetic, inputs: readonly Uint8Array[]): void {
  const got = run(arithmetic, inputs);
  const want = referenceCombination(arithmetic, inputs);
  assert.deepEqual(Buffer.from(got.bytes), Buffer.from(want.bytes));
  assert.equal(got.rounding.changedCount, want.rounding.changedCount, 'changedCount');
  assert.equal(got.rounding.unmovedCount, want.rounding.unmovedCount, 'unmovedCount');
  assert.equal(got.rounding.nonFiniteCount, want.rounding.nonFiniteCount, 'nonFiniteCount');
  assert.equal(got.rounding.overflowCount, want.rounding.overflowCount, 'overflowCount');
  for (const field of ['squaresLost', 'squaresDelta'] as const) {
    const [found, wanted] = [got.rounding[field], want.rounding[field]];
    assert.ok(Object.is(found, wanted) || Math.abs(found - wanted) <= 1e-6 * wanted, `${field}: ${found}, expected ${wanted}`);
  }
}

function inputsOf(make: MakeBytes, dtypes: readonly Dtype[], count: number, seed: number): Uint8Array[] {
  return dtypes.map((dtype, i) => make(dtype, count, seed * 10 + i));
}

describe('the combining kernels against the reference, bit for bit', () => {
  for (const storage of storageDtypes) {
    for (const [name, steps] of Object.entries(shapes)) {
      it(`${storage}, ${name}: weights and any bits, sizes around the blocks of 128`, () => {
        const dtypes = [storage, storage, storage];
        for (const [make, count] of [
          [weights, 0],
          [weights, 1],
          [anyBits, 127],
          [anyBits, 128],
          [weights, 129],
          [anyBits, 4099],
          [weights, 9000],
          [anyBits, 20_003],
        ] as const) {
          assertExact({ steps, dtypes, storage, count }, inputsOf(make, dtypes, count, count));
        }
      });
    }
  }

  it('every mix of storage types, and eight-bit and integer inputs', () => {
    const all: readonly Dtype[] = [...storageDtypes, 'F8_E4M3', 'F8_E5M2', 'I8', 'U16', 'I64', 'BOOL'];
    for (const storage of storageDtypes) {
      for (const [i, first] of all.entries()) {
        const dtypes = [first, all[(i + 1) % all.length]!, all[(i + 3) % all.length]!];
        for (const make of [weights, anyBits])
          assertExact({ steps: transfer(0.3), dtypes, storage, count: 5001 }, inputsOf(make, dtypes, 5001, i));
      }
    }
  });

  it('rounds every float16 and bfloat16 boundary to even: values halfway, one float32 below and above', () => {
    for (const storage of ['F16', 'BF16'] as const) {
      const halfway = halfwayPoints(storage);
      const inputs = [new Uint8Array(halfway.buffer)];
      assertExact({ steps: [{ scale: 1, plus: 0, minus: null }], dtypes: ['F32'], storage, count: halfway.length }, inputs);
    }
  });

  it('goes through float32 as PyTorch does: 1 + 2^-8 + 2^-40 is stored as BF16 1, not 1 + 2^-7', () => {
    const steps = [{ scale: 1, plus: 0, minus: null }];
    const { bytes } = run({ steps, dtypes: ['F64'], storage: 'BF16', count: 1 }, [
      new Uint8Array(Float64Array.of(1 + 2 ** -8 + 2 ** -40).buffer),
    ]);
    assert.deepEqual([...bytes], [0x80, 0x3f]);
  });

  it('counts what the storage type swallowed', () => {
    const bf16 = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer);
    const inputs = [bf16(0x3f80, 0x3f80, 0x3f80), bf16(0x3c00, 0x3a80, 0x0000), bf16(0, 0, 0)]; // 1 + 2^-7, 1 + 2^-10, 1 + 0
    const { bytes, rounding } = run({ steps: transfer(1), dtypes: ['BF16', 'BF16', 'BF16'], storage: 'BF16', count: 3 }, inputs);
    assert.deepEqual([...bytes], [0x81, 0x3f, 0x80, 0x3f, 0x80, 0x3f]);
    const norms = { squaresLost: 2 ** -20, squaresDelta: 2 ** -14 + 2 ** -20 };
    assert.deepEqual(rounding, { changedCount: 2, unmovedCount: 1, ...norms, nonFiniteCount: 0, overflowCount: 0 });
  });

  it('counts what is not finite, and apart what only the storage type made so', () => {
    const inputs = [
      [65504, 65504, -65504, NaN, Infinity],
      [32, 1, -32, 1, 1],
      [0, 0, 0, 0, 0],
    ];
    const stored = inputs.map((values) => encodeFromFloat64('F16', Float64Array.from(values)));
    const { rounding } = run({ steps: transfer(1), dtypes: ['F16', 'F16', 'F16'], storage: 'F16', count: 5 }, stored);
    assert.deepEqual([rounding.nonFiniteCount, rounding.overflowCount], [4, 2]);
  });

  it('counts what is not finite in copied bytes of every dtype', () => {
    for (const dtype of dtypes) {
      for (const count of [0, 1, 7, 8, 1000]) {
        const bytes = anyBits(dtype, count, count + 5);
        const { inputs } = kernels.buffers([bytes.byteLength], 0);
        inputs[0]!.set(bytes);
        const isCounted = kindOf(dtype) === 'float' && isReadable(dtype);
        const expected = isCounted ? decodeToFloat64(dtype, bytes, count).filter((value) => !Number.isFinite(value)).length : 0;
        assert.equal(kernels.countNonFinite(dtype, inputs[0]!), expected, `${dtype}, ${count}`);
      }
    }
  });

  it('property: any steps over any bits', () => {
    const step = fc.record({
      scale: fc.constantFrom(1, -1, 0.3, 2, 1e-30, 1e30),
      plus: fc.nat(2),
      minus: fc.option(fc.nat(2), { nil: null }),
    });
    const storage = fc.constantFrom<StorageDtype>(...storageDtypes);
    const property = fc.property(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      storage,
      storage,
      fc.nat(300),
      fc.nat(1000),
      (steps, other, stored, count, seed) => {
        const dtypes = [stored, other, stored];
        assertExact({ steps, dtypes, storage: stored, count }, inputsOf(seed % 2 === 0 ? anyBits : weights, dtypes, count, seed));
      },
    );
    fc.assert(property, { seed: 20261123, numRuns: 150 });
  });
});

/** All points halfway between neighbouring finite values of the type, and the float32 on either side of each. */
function halfwayPoints(storage: 'F16' | 'BF16'): Float32Array {
  const points: number[] = [];
  if (storage === 'BF16') for (let high = 0; high < 0x7f80; high += 7) points.push((high << 16) | 0x8000);
  else for (let high = 0; high < 0x7c00; high++) points.push(float32Bits(halfwayAbove(high)));
  const bits = points.flatMap((point) => [point - 1, point, point + 1]).flatMap((point) => [point, point | 0x80000000]);
  return new Float32Array(Uint32Array.from(bits).buffer);
}

function halfwayAbove(float16Bits: number): number {
  const exponent = Math.max(float16Bits >> 10, 1);
  const significand = (float16Bits & 0x3ff) + (float16Bits >= 0x400 ? 0x400 : 0);
  return (significand + 0.5) * 2 ** (exponent - 25);
}

function float32Bits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}
