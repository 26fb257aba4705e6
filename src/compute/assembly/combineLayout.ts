/**
 * Where things lie in the memory of the combining kernels, which is not that of the comparing ones.
 * `src/compute/simd/combineMemory.ts` names the same addresses for the caller.
 */

/** Elements whose sums are taken together: one that is not finite sends its block the slow way. */
export const BLOCK: i32 = 256;

// Results: one f64 each, added to by every call until `resetCombine`.
export const CHANGED: usize = 16384;
export const UNMOVED: usize = 16392;
export const SQUARES_LOST: usize = 16400;
export const SQUARES_DELTA: usize = 16408;
export const NON_FINITE: usize = 16416;
export const OVERFLOWED: usize = 16424;
export const RESULT_END: usize = 16432;

/** One block of exact values, of Δ and of the target's values, as f64, for the slow way. */
export const EXACT: usize = 24576;
export const DELTA: usize = 26624;
export const TARGET: usize = 28672;

/** The same memory while values are formed: one block of each input, as float32. */
export const WIDENED_TARGET: usize = EXACT;
export const WIDENED_PLUS: usize = DELTA;
export const WIDENED_MINUS: usize = TARGET;

export function add(address: usize, value: f64): void {
  store<f64>(address, load<f64>(address) + value);
}
