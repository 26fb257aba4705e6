/** Inputs of the conformance suite: stored bytes of both sides, made without any float encoder. */
import { bitsOf, kindOf, type Dtype } from '../../../../src/checkpoint/index.js';
import { decodeToFloat64 } from '../../../../src/compute/reference/index.js';
import { randomUint32s } from './random.js';

/** Stored bytes of a pair of tensors. */
export interface Chunk {
  readonly dtypeA: Dtype;
  readonly dtypeB: Dtype;
  readonly bytesA: Uint8Array;
  readonly bytesB: Uint8Array;
  readonly count: number;
}

export type MakeBytes = (dtype: Dtype, count: number, seed: number) => Uint8Array;

export function makeChunk(make: MakeBytes, dtypeA: Dtype, dtypeB: Dtype, count: number, seed = count): Chunk {
  return { dtypeA, dtypeB, count, bytesA: make(dtypeA, count, 2 * seed), bytesB: make(dtypeB, count, 2 * seed + 1) };
}

/** Every bit pattern is as likely as any other: NaN, infinities, denormals and all exponents. */
export const anyBits: MakeBytes = (dtype, count, seed) => {
  const random = randomUint32s(seed);
  const words = Uint32Array.from({ length: Math.ceil((count * bitsOf(dtype)) / 32) }, () => random());
  const bytes = new Uint8Array(words.buffer, 0, (count * bitsOf(dtype)) / 8);
  return dtype === 'BOOL' ? bytes.map((byte) => byte & 1) : bytes;
};

/** Magnitudes of trained weights, 2^-12 to 1, every fiftieth one 0; small numbers for integers. */
export const weights: MakeBytes = (dtype, count, seed) => {
  if (kindOf(dtype) !== 'float') return anyBits(dtype, count, seed);
  if (dtype === 'F32') return new Uint8Array(Float32Array.from(normalValues(count, seed)).buffer);
  if (dtype === 'F64') return new Uint8Array(Float64Array.from(normalValues(count, seed)).buffer);
  return pickPatterns(dtype, count, seed, (value) => value === 0 || (Math.abs(value) >= 2 ** -12 && Math.abs(value) <= 1));
};

function normalValues(count: number, seed: number): Float64Array {
  const random = randomUint32s(seed);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = random() % 50 === 0 ? 0 : (random() / 2 ** 32 + random() / 2 ** 32 - 1) / 4;
  return values;
}

/** Stored patterns of an 8- or 16-bit dtype whose values pass `accept`. */
function pickPatterns(dtype: Dtype, count: number, seed: number, accept: (value: number) => boolean): Uint8Array {
  const patterns = storage(dtype, 2 ** bitsOf(dtype));
  for (let bits = 0; bits < patterns.length; bits++) patterns[bits] = bits;
  const values = decodeToFloat64(dtype, new Uint8Array(patterns.buffer), patterns.length);
  const accepted = patterns.filter((bits) => accept(values[bits]!));
  const random = randomUint32s(seed);
  const picked = storage(dtype, count);
  for (let i = 0; i < count; i++) picked[i] = accepted[random() % accepted.length]!;
  return new Uint8Array(picked.buffer);
}

function storage(dtype: Dtype, count: number): Uint8Array | Uint16Array {
  return bitsOf(dtype) === 8 ? new Uint8Array(count) : new Uint16Array(count);
}

/** Values of a list, in random order, as BF16, F32 or F64. */
export function valuesOf(list: readonly number[]): MakeBytes {
  return (dtype, count, seed) => {
    const random = randomUint32s(seed);
    return encode(
      dtype,
      Array.from({ length: count }, () => list[random() % list.length]!),
    );
  };
}

/** BF16 by cutting the lower half of a float32 off, which is enough to make test values. */
export function encode(dtype: Dtype, values: readonly number[]): Uint8Array {
  if (dtype === 'F64') return new Uint8Array(Float64Array.from(values).buffer);
  const float32s = Float32Array.from(values);
  if (dtype === 'F32') return new Uint8Array(float32s.buffer);
  if (dtype === 'BF16') return new Uint8Array(Uint16Array.from(new Uint32Array(float32s.buffer), (bits) => bits >>> 16).buffer);
  throw new TypeError(`no encoder for ${dtype}`);
}
