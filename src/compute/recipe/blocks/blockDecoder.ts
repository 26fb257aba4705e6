import { rowDecoder } from '../decodeRow.js';

/**
 * Decodes `count` whole blocks from byte `at` of `bytes` into `out` from element `to` on. Values are those of the reference in float32,
 * bit for bit: a product of a scale and a code is exact in float32 (at most 24 digits), so only sums are rounded, by the store.
 */
export type BlockDecoder = (bytes: Uint8Array, at: number, out: Float32Array, to: number, count: number) => void;

let halves: Float32Array | null = null;

/** Every float16 by its bits. */
export function halfTable(): Float32Array {
  if (halves !== null) return halves;
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const values = new Float64Array(bits.length);
  rowDecoder('F16')(new Uint8Array(bits.buffer), 0, values);
  halves = Float32Array.from(values);
  return halves;
}
