import { half, type BlockDecoder } from './blockDecoder.js';
import { latticePoints, signsOf } from './lattices.js';

/**
 * Blocks of 256 values whose codes are numbers of points of a lattice: eight values (four in IQ3) at once, with signs of their own.
 * Source: `dequantize_blocks` of each type in `quants.py` of the Python package gguf 0.19.
 */

/** Writes `scale · point`, each value with the sign of its bit. */
function writeSigned(points: Int8Array, from: number, length: number, signs: number, scale: number, out: Float32Array, to: number): void {
  for (let i = 0; i < length; i++) {
    const value = scale * points[from + i]!;
    out[to + i] = ((signs >> i) & 1) === 0 ? value : -value;
  }
}

/** Each 32 values: four numbers of points in four bytes, then four numbers of signs (7 bits) and a scale (4 bits). */
export const decodeIQ2_XXS: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ2_XXS');
  for (const end = to + 256 * count; to < end; at += 66) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let from = at + 2; from < at + 66; from += 8) {
      const signs = bytes[from + 4]! | (bytes[from + 5]! << 8) | (bytes[from + 6]! << 16) | (bytes[from + 7]! << 24);
      const scale = d * (0.5 + (signs >>> 28)) * 0.25;
      for (let k = 0; k < 4; k++, to += 8)
        writeSigned(points, bytes[from + k]! * 8, 8, signsOf[(signs >>> (7 * k)) & 127]!, scale, out, to);
    }
  }
};

/** Each 8 values: a number of a point (9 bits) and of signs (7 bits); then 4-bit scales for each 16 values. */
export const decodeIQ2_XS: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ2_XS');
  for (const end = to + 256 * count; to < end; at += 74) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let k = 0; k < 32; k++, to += 8) {
      const scale = d * (0.5 + ((bytes[at + 66 + (k >> 2)]! >> ((k & 2) << 1)) & 15)) * 0.25;
      const code = bytes[at + 2 + 2 * k]! | (bytes[at + 3 + 2 * k]! << 8);
      writeSigned(points, (code & 511) * 8, 8, signsOf[code >> 9]!, scale, out, to);
    }
  }
};

/** 32 low bytes of numbers, 32 bytes of signs, two further bits of each number, 4-bit scales for each 16 values. */
export const decodeIQ2_S: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ2_S');
  for (const end = to + 256 * count; to < end; at += 82) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let k = 0; k < 32; k++, to += 8) {
      const scale = d * (0.5 + ((bytes[at + 74 + (k >> 2)]! >> ((k & 2) << 1)) & 15)) * 0.25;
      const number = bytes[at + 2 + k]! | (((bytes[at + 66 + (k >> 2)]! >> ((k & 3) << 1)) & 3) << 8);
      writeSigned(points, number * 8, 8, bytes[at + 34 + k]!, scale, out, to);
    }
  }
};

/** 64 numbers of points of four values; then for each 32 values four numbers of signs and a scale, as in IQ2_XXS. */
export const decodeIQ3_XXS: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ3_XXS');
  for (const end = to + 256 * count; to < end; at += 98) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let part = 0; part < 8; part++) {
      const from = at + 66 + 4 * part;
      const signs = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
      const scale = d * (0.5 + (signs >>> 28)) * 0.5;
      for (let k = 0; k < 8; k++, to += 4) {
        const ofEight = signsOf[(signs >>> (7 * (k >> 1))) & 127]!;
        writeSigned(points, bytes[at + 2 + 8 * part + k]! * 4, 4, ofEight >> ((k & 1) << 2), scale, out, to);
      }
    }
  }
};

/** 64 low bytes of numbers, their ninth bits, 32 bytes of signs, 4-bit scales for each 32 values: `d · (1 + 2 · scale)`. */
export const decodeIQ3_S: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ3_S');
  for (const end = to + 256 * count; to < end; at += 110) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let k = 0; k < 64; k++, to += 4) {
      const scale = d * (1 + 2 * ((bytes[at + 106 + (k >> 4)]! >> ((k & 8) >> 1)) & 15));
      const number = bytes[at + 2 + k]! | (((bytes[at + 66 + (k >> 3)]! >> (k & 7)) & 1) << 8);
      writeSigned(points, number * 4, 4, bytes[at + 74 + (k >> 1)]! >> ((k & 1) << 2), scale, out, to);
    }
  }
};

/** What the IQ1 types add to every value of a point, or take away. */
const delta = 0.125;

function writeShifted(points: Int8Array, from: number, shift: number, scale: number, out: Float32Array, to: number): void {
  for (let i = 0; i < 8; i++) out[to + i] = scale * (points[from + i]! + shift);
}

/** 32 low bytes of numbers; for each 32 values a word of four times three further bits, a scale and the sign of the shift. */
export const decodeIQ1_S: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ1_S');
  for (const end = to + 256 * count; to < end; at += 50) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let k = 0; k < 32; k++, to += 8) {
      const word = bytes[at + 34 + 2 * (k >> 2)]! | (bytes[at + 35 + 2 * (k >> 2)]! << 8);
      const scale = d * (2 * ((word >> 12) & 7) + 1);
      const number = bytes[at + 2 + k]! | (((word >> (3 * (k & 3))) & 7) << 8);
      writeShifted(points, number * 8, (word & 0x8000) === 0 ? delta : -delta, scale, out, to);
    }
  }
};

/** 32 low bytes of numbers, four bits for each with the others and the sign of the shift, four words of scales and quarters of `d`. */
export const decodeIQ1_M: BlockDecoder = (bytes, at, out, to, count) => {
  const points = latticePoints('IQ1_S');
  for (const end = to + 256 * count; to < end; at += 56) {
    const d = half[(bytes[at + 49]! >> 4) | (bytes[at + 51]! & 0xf0) | ((bytes[at + 53]! & 0xf0) << 4) | ((bytes[at + 55]! & 0xf0) << 8)]!;
    for (let k = 0; k < 32; k++, to += 8) {
      const part = k >> 1;
      const word = bytes[at + 48 + 2 * (part >> 2)]! | (bytes[at + 49 + 2 * (part >> 2)]! << 8);
      const scale = d * (2 * ((word >> (3 * (part & 3))) & 7) + 1);
      const more = bytes[at + 32 + part]! >> ((k & 1) << 2);
      writeShifted(points, (bytes[at + k]! | ((more & 7) << 8)) * 8, (more & 8) === 0 ? delta : -delta, scale, out, to);
    }
  }
};
