/** Where hashing keeps things, in the combining kernels' first page. `RESULT` and `SECRET` are `simd/combineMemory.ts`'s too. */

/** The hash: 16 bytes. */
export const RESULT: usize = 20480;
/** Eight u64. */
export const ACCUMULATORS: usize = 20544;
/** The 64 bytes before those that are held back: they complete the last stripe where fewer than 64 are held back. */
export const BEFORE: usize = 20608;
/** Bytes that are held back until it is known that others follow. */
export const PENDING: usize = BEFORE + 64;
export const PENDING_BYTES: usize = 256;
/** XXH3's default secret: 192 bytes, copied here from the data segment. */
export const SECRET: usize = PENDING + PENDING_BYTES;

/** Longest input that is hashed in one go, by other rules than longer ones. */
export const LONGEST_SHORT: u64 = 240;
