import { rowDecoder } from '../decodeRow.js';

/**
 * Decodes `count` whole blocks from byte `at` of `bytes` into `out` from element `to` on. Values are those of the reference in float32,
 * bit for bit: a product of a scale and a code is exact in float32 (at most 24 digits), so only sums are rounded, by the store.
 */
export type BlockDecoder = (bytes: Uint8Array, at: number, out: Float32Array, to: number, count: number) => void;

/** Every float16 by its bits: zeros until `prepareHalves`, since 65,536 values are too many to make at every start. */
export const half = new Float32Array(65_536);
let isPrepared = false;

/** Called before a decoder is used. */
export function prepareHalves(): void {
  if (isPrepared) return;
  const bits = Uint16Array.from(half, (_, i) => i);
  const values = new Float64Array(bits.length);
  rowDecoder('F16')(new Uint8Array(bits.buffer), 0, values);
  half.set(values);
  isPrepared = true;
}
