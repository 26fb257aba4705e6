/**
 * The rule that makes float32 arithmetic safe on any device.
 *
 * A kernel only ever sees values that are zero or have a magnitude in [2^-36, 2^59]. Then Δ of two of them is zero or
 * at least 2^-59, every square and product lies in [2^-118, 2^120], and a sum of 64 stays finite. So it makes no
 * difference that GPUs may flush denormals and may assume that there is no NaN or infinity. All other values are
 * taken out beforehand, and the reference computes them in float64.
 */
import type { Dtype } from '../../checkpoint/index.js';

const smallestBits = (127 - 36) << 23;
const largestBits = (127 + 59) << 23;
const range = largestBits - smallestBits;

const exactInFloat32: ReadonlySet<Dtype> = new Set(['F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2', 'I8', 'U8', 'I16', 'U16', 'BOOL']);

/** Whether float32 holds every value of the dtype exactly. */
export function isExactInFloat32(dtype: Dtype): boolean {
  return exactInFloat32.has(dtype);
}

/** Whether any float32 in `bits[first, end)` lies outside the safe range. */
export function hasUnsafe(bits: Uint32Array, first: number, end: number): boolean {
  let unsafe = 0;
  for (let i = first; i < end; i++) {
    const magnitude = bits[i]! & 0x7fffffff;
    if ((magnitude - smallestBits) >>> 0 > range && magnitude !== 0) unsafe++;
  }
  return unsafe > 0;
}
