import { half, type BlockDecoder } from './blockDecoder.js';

/** Blocks of 256 values of −1, 0 and 1 with one scale. Source: `quants.py` of the Python package gguf 0.19. */

/** The digit of base 3 that a byte holds when its fraction of 243 is scaled to 256. */
const leadingDigit = Int8Array.from({ length: 256 }, (_, byte) => ((byte * 3) >> 8) - 1);

/** Five digits of base 3 in each of 32 and 16 bytes, four in each of 4, then `d`. */
export const decodeTQ1_0: BlockDecoder = (bytes, at, out, to, count) => {
  for (; count > 0; count--, at += 54, to += 256) {
    const d = half[bytes[at + 52]! | (bytes[at + 53]! << 8)]!;
    decodeDigits(bytes, at, out, to, { width: 32, digits: 5, d });
    decodeDigits(bytes, at + 32, out, to + 160, { width: 16, digits: 5, d });
    decodeDigits(bytes, at + 48, out, to + 240, { width: 4, digits: 4, d });
  }
};

/** Digit by digit: first those of every byte that come first. */
function decodeDigits(
  bytes: Uint8Array,
  at: number,
  out: Float32Array,
  to: number,
  { width, digits, d }: { readonly width: number; readonly digits: number; readonly d: number },
): void {
  for (let digit = 0, power = 1; digit < digits; digit++, power *= 3, to += width) {
    for (let i = 0; i < width; i++) out[to + i] = d * leadingDigit[(bytes[at + i]! * power) & 255]!;
  }
}

/** 64 bytes of 2-bit codes, `d`. */
export const decodeTQ2_0: BlockDecoder = (bytes, at, out, to, count) => {
  for (const end = to + 256 * count; to < end; at += 66) {
    const d = half[bytes[at + 64]! | (bytes[at + 65]! << 8)]!;
    for (let row = 0; row < 8; row++, to += 32) {
      const shift = (row & 3) << 1;
      for (let i = 0, from = at + ((row >> 2) << 5); i < 32; i++) out[to + i] = d * (((bytes[from + i]! >> shift) & 3) - 1);
    }
  }
};
