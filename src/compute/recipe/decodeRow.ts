import { bitsOf, isReadable, type Dtype } from '../../checkpoint/index.js';
import { decodeToFloat64 } from '../reference/index.js';

/** Writes values of stored elements `[0, out.length)` from byte `at` on. */
export type RowDecoder = (bytes: Uint8Array, at: number, out: Float64Array) => void;

/** Float16 and integers of two bytes have 65,536 values: looked up, that is faster than any arithmetic JavaScript has for them. */
const tables = new Map<Dtype, Float64Array>();

/** Scales of the OCP Microscaling Formats (MX) specification 1.0, section 5.4.1: an exponent alone, 255 is NaN. */
const powersOfTwo = Float64Array.from({ length: 256 }, (_, exponent) => (exponent === 255 ? NaN : 2 ** (exponent - 127)));

/**
 * Decoder of little-endian elements of a dtype.
 * @throws TypeError for a dtype whose values are not read
 */
export function rowDecoder(dtype: Dtype): RowDecoder {
  if (dtype === 'F32') return decodeFloat32;
  if (dtype === 'BF16') return decodeBFloat16;
  if (dtype === 'F8_E8M0') return decodeBytes(powersOfTwo);
  if (!isReadable(dtype)) throw new TypeError(`values of dtype ${dtype} are not read, only its name and size`);
  if (bitsOf(dtype) === 16) return decodeTwoBytes(tableOf(dtype));
  return bitsOf(dtype) === 8 ? decodeBytes(tableOf(dtype)) : decodeSlowly(dtype);
}

const one = new Uint8Array(4);
const oneFloat = new Float32Array(one.buffer);
const oneBits = new Uint32Array(one.buffer);

/** The upper half of a float32. */
function decodeBFloat16(bytes: Uint8Array, at: number, out: Float64Array): void {
  for (let i = 0, from = at; i < out.length; i++, from += 2) {
    oneBits[0] = (bytes[from]! << 16) | (bytes[from + 1]! << 24);
    out[i] = oneFloat[0]!;
  }
}

function decodeFloat32(bytes: Uint8Array, at: number, out: Float64Array): void {
  const address = bytes.byteOffset + at;
  if (address % 4 === 0) {
    out.set(new Float32Array(bytes.buffer, address, out.length));
    return;
  }
  for (let i = 0; i < out.length; i++) {
    for (let byte = 0; byte < 4; byte++) one[byte] = bytes[at + 4 * i + byte]!;
    out[i] = oneFloat[0]!;
  }
}

function decodeTwoBytes(table: Float64Array): RowDecoder {
  return (bytes, at, out) => {
    for (let i = 0, from = at; i < out.length; i++, from += 2) out[i] = table[bytes[from]! | (bytes[from + 1]! << 8)]!;
  };
}

function decodeBytes(table: Float64Array): RowDecoder {
  return (bytes, at, out) => {
    for (let i = 0; i < out.length; i++) out[i] = table[bytes[at + i]!]!;
  };
}

function decodeSlowly(dtype: Dtype): RowDecoder {
  const size = bitsOf(dtype) / 8;
  return (bytes, at, out) => out.set(decodeToFloat64(dtype, bytes.subarray(at, at + out.length * size), out.length));
}

function tableOf(dtype: Dtype): Float64Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const table = everyValue(dtype);
  tables.set(dtype, table);
  return table;
}

function everyValue(dtype: Dtype): Float64Array {
  const size = bitsOf(dtype) / 8;
  const count = 2 ** bitsOf(dtype);
  const bytes = new Uint8Array(count * size);
  for (let bits = 0; bits < count; bits++) for (let byte = 0; byte < size; byte++) bytes[bits * size + byte] = bits >> (8 * byte);
  return decodeToFloat64(dtype, bytes, count);
}
