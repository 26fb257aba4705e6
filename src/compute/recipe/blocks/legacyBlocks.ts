import { half, type BlockDecoder } from './blockDecoder.js';

/**
 * Blocks of 32 values with a scale `d` and, in the `_1` types, a minimum `m`, both float16: `d · (code − offset)` or `d · code + m`.
 * Codes of four bits: the low halves of 16 bytes, then the high halves.
 * Source: `dequantize_blocks` of each type in `quants.py` of the Python package gguf 0.19.
 */

/** `d`, `m`, 16 bytes of codes. */
export const decodeQ4_1: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 32 * count; to < end; to += 32, at += 20) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 4 + i]!;
      out[to + i] = d * (codes & 15) + m;
      out[to + 16 + i] = d * (codes >> 4) + m;
    }
  }
};

/** `d`, the fifth bits of all codes in four bytes, 16 bytes of the others. */
export const decodeQ5_0: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 32 * count; to < end; to += 32, at += 22) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const low = bytes[at + 2]! | (bytes[at + 3]! << 8);
    const high = bytes[at + 4]! | (bytes[at + 5]! << 8);
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 6 + i]!;
      out[to + i] = d * (((codes & 15) | (((low >> i) & 1) << 4)) - 16);
      out[to + 16 + i] = d * (((codes >> 4) | (((high >> i) & 1) << 4)) - 16);
    }
  }
};

/** `d`, `m`, the fifth bits, 16 bytes of the others. */
export const decodeQ5_1: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 32 * count; to < end; to += 32, at += 24) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    const low = bytes[at + 4]! | (bytes[at + 5]! << 8);
    const high = bytes[at + 6]! | (bytes[at + 7]! << 8);
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 8 + i]!;
      out[to + i] = d * ((codes & 15) | (((low >> i) & 1) << 4)) + m;
      out[to + 16 + i] = d * ((codes >> 4) | (((high >> i) & 1) << 4)) + m;
    }
  }
};
