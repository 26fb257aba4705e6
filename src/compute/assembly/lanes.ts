/**
 * Addresses of vectors of equal lanes. Read from memory they are one instruction, or stay in registers; written as `splat`,
 * V8 builds them anew, with three, in every round of a loop.
 */
export const ONE = memory.data<u32>([1, 1, 1, 1], 16);
/** Half of the last place that BF16 keeps of a float32, less one. */
export const BELOW_HALF = memory.data<u32>([0x7fff, 0x7fff, 0x7fff, 0x7fff], 16);
export const UPPER_HALF = memory.data<u32>([0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000], 16);

/** Sign and exponent of a float32, shifted right by 21: the place of a bin in bytes. */
export const BIN = memory.data<u32>([2044, 2044, 2044, 2044], 16);

// The rest serves float16, as float32 or by their bits.
export const MAGNITUDE = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);
/** 2^16: magnitudes from here on are infinite. */
export const BEYOND_FLOAT16 = memory.data<u32>([0x47800000, 0x47800000, 0x47800000, 0x47800000], 16);
/** Moves the exponent from bias 127 to 15, and adds half of the last place that is kept, less one. */
export const TO_FLOAT16 = memory.data<u32>([0xc8000fff, 0xc8000fff, 0xc8000fff, 0xc8000fff], 16);
/** 0.5, whose last place is that of denormals of float16. */
export const HALF = memory.data<u32>([0x3f000000, 0x3f000000, 0x3f000000, 0x3f000000], 16);
/** 2^-14: magnitudes below are denormal. */
export const LEAST_NORMAL = memory.data<u32>([0x38800000, 0x38800000, 0x38800000, 0x38800000], 16);
export const SIGN16 = memory.data<u32>([0x8000, 0x8000, 0x8000, 0x8000], 16);
export const MAGNITUDE16 = memory.data<u32>([0x7fff, 0x7fff, 0x7fff, 0x7fff], 16);
/** 2^112: from the exponent of bias 15 to that of bias 127. */
export const FROM_FLOAT16 = memory.data<u32>([0x77800000, 0x77800000, 0x77800000, 0x77800000], 16);
/** What infinity of float16 is after its bits were moved into the place of float32. */
export const MOVED_INFINITY = memory.data<u32>([0x0f800000, 0x0f800000, 0x0f800000, 0x0f800000], 16);
export const INFINITY = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16);
