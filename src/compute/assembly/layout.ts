/**
 * Where things lie in the kernels' memory. The first 64 KiB page holds results and scratch; inputs follow.
 * `src/compute/simd/memory.ts` names the same addresses for the caller.
 */

/** Elements of one float32 block; short, so that float32 sums stay within 1e-7 of the truth. */
export const BLOCK: i32 = 64;

// Results: one f64 each, added to by every call until `reset`.
export const SUM_SQUARES_A: usize = 1024;
export const SUM_SQUARES_B: usize = 1032;
export const SUM_PRODUCTS: usize = 1040;
export const SUM_SQUARES_DELTA: usize = 1048;
export const SUM_DELTA: usize = 1056;
export const MAX_ABS_DELTA: usize = 1064;
export const MAX_INDEX: usize = 1072;
export const COMPARED: usize = 1080;
export const ZEROS: usize = 1088;
export const CHANGED: usize = 1096;
export const SIGN_FLIPS: usize = 1104;
export const NON_FINITE_A: usize = 1112;
export const NON_FINITE_B: usize = 1120;
export const RESULT_END: usize = 1128;

/** Four histograms of 512 u32 bins: neighbouring elements use different ones, so increments do not wait for each other. */
export const HISTOGRAMS: usize = 2048;
export const HISTOGRAM_BYTES: usize = 512 * 4;
export const HISTOGRAM_0: usize = HISTOGRAMS;
export const HISTOGRAM_1: usize = HISTOGRAMS + HISTOGRAM_BYTES;
export const HISTOGRAM_2: usize = HISTOGRAMS + 2 * HISTOGRAM_BYTES;
export const HISTOGRAM_3: usize = HISTOGRAMS + 3 * HISTOGRAM_BYTES;
export const HISTOGRAMS_END: usize = HISTOGRAMS + 4 * HISTOGRAM_BYTES;

/** For each Δ of the current block the place of its bin in a histogram, in bytes: its top nine bits times four. */
export const BINS: usize = 10240;
/** The current block of each side as f64, for the exact path. */
export const BLOCK_A: usize = 10496;
export const BLOCK_B: usize = 11008;
/** 256 f64: the values of an eight-bit float type, filled by the caller. */
export const FLOAT8_TABLE: usize = 11520;

// Running sums of the float32 blocks, one v128 each: folded into the results once per call.
export const LANES_SQUARES_A: usize = 13568;
export const LANES_SQUARES_B: usize = 13584;
export const LANES_PRODUCTS: usize = 13600;
export const LANES_SQUARES_DELTA: usize = 13616;
export const LANES_DELTA: usize = 13632;
export const LANES_CHANGED: usize = 13648;
export const LANES_FLIPS: usize = 13664;
export const LANES_END: usize = 13680;

export function add(address: usize, value: f64): void {
  store<f64>(address, load<f64>(address) + value);
}
