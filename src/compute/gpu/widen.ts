import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import { decodeToFloat64 } from '../reference/index.js';

const tables = new Map<Dtype, Float32Array>();

/**
 * Writes the elements `[first, first + count)` of `buffer` as float32 to the start of `target`.
 * Only for dtypes that float32 holds exactly (`isExactInFloat32`).
 */
export function widenToFloat32(dtype: Dtype, buffer: ArrayBuffer, first: number, count: number, target: Float32Array): void {
  const start = (first * bitsOf(dtype)) / 8;
  if (dtype === 'F32') target.set(new Float32Array(buffer, start, count));
  else if (dtype === 'BF16') shiftToFloat32(new Uint16Array(buffer, start, count), new Uint32Array(target.buffer));
  else if (bitsOf(dtype) === 16) lookUp(tableOf(dtype), new Uint16Array(buffer, start, count), target);
  else lookUp(tableOf(dtype), new Uint8Array(buffer, start, count), target);
}

/** A bfloat16 is the upper half of a float32. */
function shiftToFloat32(stored: Uint16Array, target: Uint32Array): void {
  const count = stored.length;
  for (let i = 0; i < count; i++) target[i] = stored[i]! << 16;
}

function lookUp(table: Float32Array, stored: Uint8Array | Uint16Array, target: Float32Array): void {
  const count = stored.length;
  for (let i = 0; i < count; i++) target[i] = table[stored[i]!]!;
}

/** Every value of an 8- or 16-bit dtype, by its bits. */
function tableOf(dtype: Dtype): Float32Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const patterns = bitsOf(dtype) === 8 ? Uint8Array.from({ length: 256 }, (_, i) => i) : Uint16Array.from({ length: 65536 }, (_, i) => i);
  const table = Float32Array.from(decodeToFloat64(dtype, new Uint8Array(patterns.buffer), patterns.length));
  tables.set(dtype, table);
  return table;
}
