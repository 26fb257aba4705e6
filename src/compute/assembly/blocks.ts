import { compareExact, noteMaximum } from './exact';
import * as lanes from './lanes';
import * as at from './layout';
import { load4, loadOne, widenFloats } from './widen';

/** Sums of float32 squares are safe between these, lane by lane; outside, a block takes the exact path. */
const SMALLEST_SAFE: f32 = 1e-35;
const LARGEST_SAFE: f32 = 1e37;

/** Statistics of `count` pairs of types that widen to float32 exactly, added to the results. */
export function compareBlocks<A, B>(a: usize, b: usize, count: i32): void {
  memory.fill(at.LANES_SQUARES_A, 0, at.LANES_END - at.LANES_SQUARES_A);
  const whole = count - (count % at.BLOCK);
  let exact: i32 = 0;
  for (let first: i32 = 0; first < whole; first += at.BLOCK) {
    if (!compareBlock<A, B>(a + <usize>first * sizeof<A>(), b + <usize>first * sizeof<B>(), first)) exact += at.BLOCK;
  }
  foldLanes(whole - exact);
  if (whole < count) redoExactly<A, B>(a + <usize>whole * sizeof<A>(), b + <usize>whole * sizeof<B>(), count - whole, whole);
}

/** Returns false when the block took the exact path, which adds to the results itself. */
// @ts-ignore: decorator
@inline
function compareBlock<A, B>(a: usize, b: usize, first: i32): bool {
  const zero = f32x4.splat(0);
  let squaresA = zero, squaresB = zero, products = zero, squaresDelta = zero, sumDelta = zero, maximum = zero;
  let changed = zero, flips = zero;
  for (let i: usize = 0; i < <usize>at.BLOCK; i += 4) {
    const x = load4<A>(a + i * sizeof<A>());
    const y = load4<B>(b + i * sizeof<B>());
    const delta = f32x4.add(f32x4.sub(y, x), zero);
    squaresA = f32x4.add(squaresA, f32x4.mul(x, x));
    squaresB = f32x4.add(squaresB, f32x4.mul(y, y));
    products = f32x4.add(products, f32x4.mul(x, y));
    squaresDelta = f32x4.add(squaresDelta, f32x4.mul(delta, delta));
    sumDelta = f32x4.add(sumDelta, delta);
    maximum = f32x4.pmax(maximum, v128.and(delta, v128.load(lanes.MAGNITUDE)));
    changed = i32x4.sub(changed, f32x4.ne(delta, zero));
    const opposite = v128.and(f32x4.lt(f32x4.pmin(x, y), zero), f32x4.gt(f32x4.pmax(x, y), zero));
    flips = i32x4.sub(flips, opposite);
    v128.store(i << 2, v128.and(i32x4.shr_u(delta, 21), v128.load(lanes.BIN)), at.BINS);
  }
  const unchanged = !v128.any_true(changed);
  const safe = isSafe(squaresA) && isSafe(squaresB) && (unchanged || isSafe(squaresDelta));
  if (!safe && !(unchanged && isZero<A>(a))) {
    redoExactly<A, B>(a, b, at.BLOCK, first);
    return false;
  }
  addLanes(at.LANES_SQUARES_A, squaresA);
  addLanes(at.LANES_SQUARES_B, squaresB);
  addLanes(at.LANES_PRODUCTS, products);
  if (unchanged) {
    store<u32>(at.HISTOGRAMS, load<u32>(at.HISTOGRAMS) + at.BLOCK);
    return true;
  }
  addLanes(at.LANES_SQUARES_DELTA, squaresDelta);
  addLanes(at.LANES_DELTA, sumDelta);
  addCounts(at.LANES_CHANGED, changed);
  addCounts(at.LANES_FLIPS, flips);
  countBins();
  const nearMaximum = f32x4.splat(<f32>(load<f64>(at.MAX_ABS_DELTA) * (1 - 1e-6)));
  if (v128.any_true(f32x4.ge(maximum, nearMaximum))) findMaximum<A, B>(a, b, first);
  return true;
}

/** Moves the running sums of the float32 blocks, which hold `compared` pairs, into the results. */
function foldLanes(compared: i32): void {
  at.add(at.SUM_SQUARES_A, sumOfLanes(at.LANES_SQUARES_A));
  at.add(at.SUM_SQUARES_B, sumOfLanes(at.LANES_SQUARES_B));
  at.add(at.SUM_PRODUCTS, sumOfLanes(at.LANES_PRODUCTS));
  at.add(at.SUM_SQUARES_DELTA, sumOfLanes(at.LANES_SQUARES_DELTA));
  at.add(at.SUM_DELTA, sumOfLanes(at.LANES_DELTA));
  const changed = sumOfCounts(at.LANES_CHANGED);
  at.add(at.COMPARED, compared);
  at.add(at.CHANGED, changed);
  at.add(at.ZEROS, compared - changed);
  at.add(at.SIGN_FLIPS, sumOfCounts(at.LANES_FLIPS));
}

function redoExactly<A, B>(a: usize, b: usize, count: i32, first: i32): void {
  widenFloats<A>(a, at.BLOCK_A, count);
  widenFloats<B>(b, at.BLOCK_B, count);
  compareExact(at.BLOCK_A, at.BLOCK_B, count, first);
}

/** Float32 rounds Δ, so the place of the maximum is settled in float64, for the few blocks that come near it. */
function findMaximum<A, B>(a: usize, b: usize, first: i32): void {
  for (let i: i32 = 0; i < at.BLOCK; i++) {
    noteMaximum(abs(loadOne<B>(b + <usize>i * sizeof<B>()) - loadOne<A>(a + <usize>i * sizeof<A>())), first + i);
  }
}

/** Blocks of zeros, in padding and in what was never trained, have sums of 0 that nothing was lost from. */
function isZero<T>(a: usize): bool {
  const zero = f32x4.splat(0);
  let set = zero;
  for (let i: usize = 0; i < <usize>at.BLOCK; i += 4) set = v128.or(set, f32x4.ne(load4<T>(a + i * sizeof<T>()), zero));
  return !v128.any_true(set);
}

/** False also for NaN. */
// @ts-ignore: decorator
@inline
function isSafe(sums: v128): bool {
  return i32x4.all_true(v128.and(f32x4.gt(sums, f32x4.splat(SMALLEST_SAFE)), f32x4.lt(sums, f32x4.splat(LARGEST_SAFE))));
}

/** Adds four float32 sums to two running float64 sums. */
// @ts-ignore: decorator
@inline
function addLanes(address: usize, sums: v128): void {
  const low = f64x2.promote_low_f32x4(sums);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(sums, sums, 1, 1));
  v128.store(address, f64x2.add(v128.load(address), f64x2.add(low, high)));
}

// @ts-ignore: decorator
@inline
function addCounts(address: usize, counts: v128): void {
  v128.store(address, i32x4.add(v128.load(address), counts));
}

function sumOfLanes(address: usize): f64 {
  return load<f64>(address) + load<f64>(address, 8);
}

function sumOfCounts(address: usize): i32 {
  return load<i32>(address) + load<i32>(address, 4) + load<i32>(address, 8) + load<i32>(address, 12);
}

/** `BINS` holds offsets in bytes, and addresses are left to the instructions' own offsets: this loop is a third of the work. */
// @ts-ignore: decorator
@inline
function countBins(): void {
  for (let i: usize = 0; i < <usize>at.BLOCK * 4; i += 16) {
    const first = <usize>load<u32>(i, at.BINS);
    store<u32>(first, load<u32>(first, at.HISTOGRAM_0) + 1, at.HISTOGRAM_0);
    const second = <usize>load<u32>(i, at.BINS + 4);
    store<u32>(second, load<u32>(second, at.HISTOGRAM_1) + 1, at.HISTOGRAM_1);
    const third = <usize>load<u32>(i, at.BINS + 8);
    store<u32>(third, load<u32>(third, at.HISTOGRAM_2) + 1, at.HISTOGRAM_2);
    const fourth = <usize>load<u32>(i, at.BINS + 12);
    store<u32>(fourth, load<u32>(fourth, at.HISTOGRAM_3) + 1, at.HISTOGRAM_3);
  }
}
