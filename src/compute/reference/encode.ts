import type { StorageDtype } from '../combination.js';
import { bfloat16, float16, valuesOf, type FloatFormat } from './floatFormat.js';

/** Little-endian bytes of `values` rounded to float32 and then to `dtype`, to nearest even; F64 keeps them. */
export function encodeFromFloat64(dtype: StorageDtype, values: Float64Array): Uint8Array {
  switch (dtype) {
    case 'F64':
      return new Uint8Array(BigUint64Array.from(new BigUint64Array(values.slice().buffer), quietFloat64).buffer);
    case 'F32':
      return new Uint8Array(Uint32Array.from(values, bitsOfFloat32).buffer);
    case 'F16':
      return new Uint8Array(Uint16Array.from(values, (value) => nearestBits(float16, Math.fround(value))).buffer);
    case 'BF16':
      return new Uint8Array(Uint16Array.from(values, (value) => nearestBits(bfloat16, Math.fround(value))).buffer);
  }
}

function quietFloat64(bits: bigint): bigint {
  return (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n ? 0x7ff8000000000000n : bits;
}

function bitsOfFloat32(value: number): number {
  return Number.isNaN(value) ? 0x7fc00000 : new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** Bits of the stored number nearest to `value`: found in the table of all of them, of two equally near the even one. */
function nearestBits(format: FloatFormat, value: number): number {
  const infinity = ((1 << format.exponentBits) - 1) << format.fractionBits;
  if (Number.isNaN(value)) return infinity | (1 << (format.fractionBits - 1));
  const sign = value < 0 || Object.is(value, -0) ? 1 << (format.exponentBits + format.fractionBits) : 0;
  return sign | nearestMagnitude(valuesOf(format), infinity, Math.abs(value));
}

function nearestMagnitude(table: Float64Array, infinity: number, value: number): number {
  let [below, above] = [0, infinity];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (table[middle]! <= value) below = middle;
    else above = middle;
  }
  if (value === Infinity) return infinity;
  const next = above === infinity ? 2 * table[below]! - table[below - 1]! : table[above]!;
  const [toBelow, toAbove] = [value - table[below]!, next - value];
  if (toBelow === toAbove) return below % 2 === 0 ? below : above;
  return toBelow < toAbove ? below : above;
}
