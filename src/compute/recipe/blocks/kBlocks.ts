import { half, type BlockDecoder } from './blockDecoder.js';

/**
 * K-quants: blocks of 256 values with float16 scales, cut into parts of 16 or 32 values that have a scale (and a minimum) of a few
 * bits of their own. Source: `dequantize_blocks` of each type in `quants.py` of the Python package gguf 0.19.
 */

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
