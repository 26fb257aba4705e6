import { halfTable, type BlockDecoder } from './blockDecoder.js';

/**
 * K-quants: blocks of 256 values with float16 scales, cut into parts of 16 or 32 values that have a scale (and a minimum) of a few
 * bits of their own. Source: `dequantize_blocks` of each type in `quants.py` of the Python package gguf 0.19.
 */

const half = halfTable();

/** 16 bytes of 4-bit scales and minima, 64 bytes of 2-bit codes, `d`, `dmin`: `d · scale · code − dmin · minimum`. */
export const decodeQ2_K: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 84) {
    const d = half[bytes[at + 80]! | (bytes[at + 81]! << 8)]!;
    const dmin = half[bytes[at + 82]! | (bytes[at + 83]! << 8)]!;
    for (let part = 0; part < 16; part++, to += 16) {
      const scales = bytes[at + part]!;
      const scale = d * (scales & 15);
      const minimum = dmin * (scales >> 4);
      const shift = part & 6;
      const codes = at + 16 + ((part >> 3) << 5) + ((part & 1) << 4);
      for (let i = 0; i < 16; i++) out[to + i] = scale * ((bytes[codes + i]! >> shift) & 3) - minimum;
    }
  }
};

/** 32 bytes of third bits, 64 bytes of 2-bit codes, 16 6-bit scales in 12 bytes, `d`. A third bit of 0 takes 4 away. */
export const decodeQ3_K: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 110) {
    const d = half[bytes[at + 108]! | (bytes[at + 109]! << 8)]!;
    for (let part = 0; part < 16; part++, to += 16) {
      const low = (bytes[at + 96 + (part & 7)]! >> ((part >> 3) << 2)) & 15;
      const high = (bytes[at + 104 + (part & 3)]! >> ((part >> 2) << 1)) & 3;
      const scale = d * ((low | (high << 4)) - 32);
      const shift = part & 6;
      const bit = part >> 1;
      const third = at + ((part & 1) << 4);
      const codes = third + 32 + ((part >> 3) << 5);
      for (let i = 0; i < 16; i++) {
        out[to + i] = scale * (((bytes[codes + i]! >> shift) & 3) - (((bytes[third + i]! >> bit) & 1) === 0 ? 4 : 0));
      }
    }
  }
};

/** Scale of part 0 to 7 in the 12 bytes from `at` on: six bits, of which the last four parts keep two elsewhere. */
function scaleAt(bytes: Uint8Array, at: number, part: number): number {
  return part < 4 ? bytes[at + part]! & 63 : (bytes[at + 4 + part]! & 15) | ((bytes[at + part - 4]! >> 2) & 48);
}

/** Minimum of part 0 to 7, packed the same way. */
function minimumAt(bytes: Uint8Array, at: number, part: number): number {
  return part < 4 ? bytes[at + 4 + part]! & 63 : (bytes[at + 4 + part]! >> 4) | ((bytes[at + part]! >> 2) & 48);
}

/** `d`, `dmin`, scales and minima of 8 parts in 12 bytes, 128 bytes of 4-bit codes: `d · scale · code − dmin · minimum`. */
export const decodeQ4_K: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 144) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const dmin = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let part = 0; part < 8; part += 2, to += 64) {
      const lowScale = d * scaleAt(bytes, at + 4, part);
      const lowMinimum = dmin * minimumAt(bytes, at + 4, part);
      const highScale = d * scaleAt(bytes, at + 4, part + 1);
      const highMinimum = dmin * minimumAt(bytes, at + 4, part + 1);
      const from = at + 16 + part * 16;
      for (let i = 0; i < 32; i++) {
        const codes = bytes[from + i]!;
        out[to + i] = lowScale * (codes & 15) - lowMinimum;
        out[to + 32 + i] = highScale * (codes >> 4) - highMinimum;
      }
    }
  }
};

/** As Q4_K, with 32 bytes of fifth bits before the other four. */
export const decodeQ5_K: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 176) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const dmin = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let part = 0; part < 8; part += 2, to += 64) {
      const lowScale = d * scaleAt(bytes, at + 4, part);
      const lowMinimum = dmin * minimumAt(bytes, at + 4, part);
      const highScale = d * scaleAt(bytes, at + 4, part + 1);
      const highMinimum = dmin * minimumAt(bytes, at + 4, part + 1);
      const from = at + 48 + part * 16;
      for (let i = 0; i < 32; i++) {
        const codes = bytes[from + i]!;
        const fifth = bytes[at + 16 + i]! >> part;
        out[to + i] = lowScale * ((codes & 15) | ((fifth & 1) << 4)) - lowMinimum;
        out[to + 32 + i] = highScale * ((codes >> 4) | ((fifth & 2) << 3)) - highMinimum;
      }
    }
  }
};

/** 128 bytes of low halves, 64 bytes of two further bits, 16 signed scales, `d`: `d · scale · (code − 32)`. */
export const decodeQ6_K: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 210) {
    const d = half[bytes[at + 208]! | (bytes[at + 209]! << 8)]!;
    for (let part = 0; part < 16; part++, to += 16) {
      const scale = d * ((bytes[at + 192 + part]! << 24) >> 24);
      const inHalf = part & 7; // of 128 values: four rows of 32
      const low = at + ((part >> 3) << 6) + ((inHalf & 3) << 4);
      const high = at + 128 + ((part >> 3) << 5) + ((inHalf & 1) << 4);
      const lowShift = inHalf & 4;
      const highShift = inHalf & 6;
      for (let i = 0; i < 16; i++) {
        out[to + i] = scale * ((((bytes[low + i]! >> lowShift) & 15) | (((bytes[high + i]! >> highShift) & 3) << 4)) - 32);
      }
    }
  }
};
