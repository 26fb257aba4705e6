import { half, type BlockDecoder } from './blockDecoder.js';

/**
 * Blocks whose four-bit codes stand for values of a table. Source: `dequantize_blocks` of each type in `quants.py` of the Python
 * package gguf 0.19.
 */

/** Values of the non-linear four-bit types. */
const nonLinear = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
/** Twice the values of FP4 (E2M1); zero has no sign here. */
const doubledFp4 = Int8Array.of(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

/** `d`, 16 bytes of codes. */
export const decodeIQ4_NL: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 32 * count; to < end; to += 32, at += 18) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 2 + i]!;
      out[to + i] = d * nonLinear[codes & 15]!;
      out[to + 16 + i] = d * nonLinear[codes >> 4]!;
    }
  }
};

/** `d`, eight 6-bit scales (their high bits in two bytes, the low ones in four), 128 bytes of codes. */
export const decodeIQ4_XS: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 136) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const highBits = bytes[at + 2]! | (bytes[at + 3]! << 8);
    for (let part = 0; part < 8; part++, to += 32) {
      const low = (bytes[at + 4 + (part >> 1)]! >> ((part & 1) << 2)) & 15;
      const scale = d * ((low | (((highBits >> (2 * part)) & 3) << 4)) - 32);
      for (let i = 0, from = at + 8 + 16 * part; i < 16; i++) {
        const codes = bytes[from + i]!;
        out[to + i] = scale * nonLinear[codes & 15]!;
        out[to + 16 + i] = scale * nonLinear[codes >> 4]!;
      }
    }
  }
};

/** An exponent of two (E8M0, half of it for the doubled table; 255 is no NaN here), 16 bytes of FP4. */
export const decodeMXFP4: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 32 * count; to < end; to += 32, at += 17) {
    const d = 2 ** (bytes[at]! - 128);
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 1 + i]!;
      out[to + i] = d * doubledFp4[codes & 15]!;
      out[to + 16 + i] = d * doubledFp4[codes >> 4]!;
    }
  }
};

/** Half of each unsigned E4M3 number (bias 7); its sign bit is ignored, and 0x7f counts as 0. */
const halvedE4M3 = Float32Array.from({ length: 256 }, (_, bits) => {
  const [exponent, digits] = [(bits >> 3) & 15, bits & 7];
  if (bits === 0x7f) return 0;
  return exponent === 0 ? digits * 2 ** -10 : (1 + digits / 8) * 2 ** (exponent - 8);
});

/** Four scales (E4M3), then four parts of 16 values in 8 bytes each. */
export const decodeNVFP4: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 64 * count; to < end; at += 36) {
    for (let part = 0; part < 4; part++, to += 16) {
      const d = halvedE4M3[bytes[at + part]!]!;
      for (let i = 0, from = at + 4 + 8 * part; i < 8; i++) {
        const codes = bytes[from + i]!;
        out[to + i] = d * doubledFp4[codes & 15]!;
        out[to + 8 + i] = d * doubledFp4[codes >> 4]!;
      }
    }
  }
};
