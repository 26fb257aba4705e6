import * as at from './combineLayout';
import { roundNumbers4, roundUpperHalf4 } from './combineNarrow';
import { BELOW_HALF, ONE, UPPER_HALF } from './lanes';
import { widen4 } from './widen';

/** Sums of float32 squares are safe between these, lane by lane. */
const SMALLEST_SAFE: f32 = 1e-35;
const LARGEST_SAFE: f32 = 1e37;

/** In a lane of 32 bits, the counts of two columns of a block of which every element counts. */
const ALL_OF_BOTH: i32 = (at.BLOCK / 8) * 0x10001;

/**
 * A block of `target + (plus − minus)` in float32, all stored in two bytes as T, where that gives the bits that float64
 * gives: when every difference is exact in float32 (`areDifferencesExact`). Then the sum is that of two float32, and
 * rounding it once, or to float64 in between, is the same, since float64 has more than twice the digits (Figueroa 1995).
 *
 * Returns false, with the block unfinished, when a difference may be inexact, a value is not finite, one of `plus` and
 * `minus` is −0 (elements are counted by their bits), or the float32 sums of squares would not be true.
 */
// @ts-ignore: decorator
@inline
export function addDifferenceBlock<T>(target: usize, plus: usize, minus: usize, out: usize): bool {
  const zero = f32x4.splat(0), one = v128.load(ONE), belowHalf = v128.load(BELOW_HALF), upperHalf = v128.load(UPPER_HALF);
  let lost = zero, delta = zero, still = zero, unmoved = zero;
  let largest = zero, smallest = i16x8.splat(-1), lowest = zero;
  for (let i: usize = 0; i < <usize>at.BLOCK * sizeof<T>(); i += 16) {
    const t = v128.load(target + i), p = v128.load(plus + i), m = v128.load(minus + i);
    const doublePlus = i16x8.add(p, p), doubleMinus = i16x8.add(m, m), minusOne = i16x8.splat(-1);
    largest = i16x8.max_u(largest, i16x8.max_u(doublePlus, doubleMinus));
    smallest = i16x8.min_u(smallest, i16x8.min_u(i16x8.add(doublePlus, minusOne), i16x8.add(doubleMinus, minusOne)));
    lowest = i16x8.min_s(lowest, i16x8.min_s(p, m));

    const evenDelta = f32x4.sub(even<T>(p), even<T>(m));
    const evenSum = f32x4.add(even<T>(t), evenDelta);
    const evenBits = roundEven<T>(evenSum, one, belowHalf);
    const evenLost = f32x4.sub(widen4<T>(evenBits), evenSum);
    lost = f32x4.add(lost, f32x4.mul(evenLost, evenLost));
    delta = f32x4.add(delta, f32x4.mul(evenDelta, evenDelta));

    const oddDelta = f32x4.sub(odd<T>(p, upperHalf), odd<T>(m, upperHalf));
    const oddSum = f32x4.add(odd<T>(t, upperHalf), oddDelta);
    const oddBits = roundOdd<T>(oddSum, one, belowHalf, upperHalf);
    const oddLost = f32x4.sub(widenOdd<T>(oddBits), oddSum);
    lost = f32x4.add(lost, f32x4.mul(oddLost, oddLost));
    delta = f32x4.add(delta, f32x4.mul(oddDelta, oddDelta));

    const stored = v128.or(evenBits, oddBits);
    v128.store(out + i, stored);
    const isStill = i16x8.eq(p, m);
    still = i16x8.sub(still, isStill);
    unmoved = i16x8.sub(unmoved, v128.andnot(i16x8.eq(stored, t), isStill));
  }
  const allStill = i32x4.eq(still, i32x4.splat(ALL_OF_BOTH));
  const hasNegativeZero = v128.any_true(i16x8.eq(lowest, i16x8.splat(-0x8000)));
  if (hasNegativeZero || !areDifferencesExact<T>(largest, smallest) || !areTrue(delta, allStill) || !areTrue(lost, allStill)) return false;
  at.add(at.SQUARES_DELTA, sumOfFloats(delta));
  at.add(at.SQUARES_LOST, sumOfFloats(lost));
  at.add(at.CHANGED, <f64>(at.BLOCK - sumOfLanes16(still)));
  at.add(at.UNMOVED, <f64>sumOfLanes16(unmoved));
  return true;
}

/**
 * Whether every difference has at most 24 binary digits. Each column of a block has the largest and the smallest magnitude
 * that meet in it, doubled so that the sign falls off (the latter less one, so that 0 does not count): their exponents may
 * be as far apart as leaves room for the digits of T and a carry.
 */
// @ts-ignore: decorator
@inline
function areDifferencesExact<T>(largest: v128, smallest: v128): bool {
  const fractionBits = isSigned<T>() ? 10 : 7;
  const apart = i16x8.sub(i16x8.shr_u(largest, fractionBits + 1), i16x8.shr_u(smallest, fractionBits + 1));
  return i16x8.all_true(i16x8.le_s(apart, i16x8.splat(<i16>(24 - (fractionBits + 2)))));
}

/** Of eight stored values of two bytes, the first, third, fifth and seventh, as float32. */
// @ts-ignore: decorator
@inline
function even<T>(pairs: v128): v128 {
  return widen4<T>(isSigned<T>() ? v128.and(pairs, i32x4.splat(0xffff)) : pairs);
}

/** The second, fourth, sixth and eighth. */
// @ts-ignore: decorator
@inline
function odd<T>(pairs: v128, upperHalf: v128): v128 {
  return isSigned<T>() ? widen4<T>(i32x4.shr_u(pairs, 16)) : v128.and(pairs, upperHalf);
}

/** Four numbers rounded to T, where `even` takes them from. */
// @ts-ignore: decorator
@inline
function roundEven<T>(x: v128, one: v128, belowHalf: v128): v128 {
  return isSigned<T>() ? roundNumbers4<T>(x) : i32x4.shr_u(roundUpperHalf4(x, one, belowHalf), 16);
}

/** Four numbers rounded to T, where `odd` takes them from. */
// @ts-ignore: decorator
@inline
function roundOdd<T>(x: v128, one: v128, belowHalf: v128, upperHalf: v128): v128 {
  return isSigned<T>() ? i32x4.shl(roundNumbers4<T>(x), 16) : v128.and(roundUpperHalf4(x, one, belowHalf), upperHalf);
}

/** What `roundOdd` returned, as float32: stored BF16 followed by zeros is that. */
// @ts-ignore: decorator
@inline
function widenOdd<T>(bits: v128): v128 {
  return isSigned<T>() ? widen4<T>(i32x4.shr_u(bits, 16)) : bits;
}

/** Whether each lane's sum of squares is neither spoilt by overflow, underflow or NaN, nor other than the 0 it has to be. */
// @ts-ignore: decorator
@inline
function areTrue(sums: v128, allStill: v128): bool {
  const inRange = v128.and(f32x4.gt(sums, f32x4.splat(SMALLEST_SAFE)), f32x4.lt(sums, f32x4.splat(LARGEST_SAFE)));
  return i32x4.all_true(v128.or(inRange, v128.and(allStill, f32x4.eq(sums, f32x4.splat(0)))));
}

// @ts-ignore: decorator
@inline
function sumOfLanes16(counts: v128): i32 {
  return sumOfLanes32(i32x4.extadd_pairwise_i16x8_s(counts));
}

// @ts-ignore: decorator
@inline
export function sumOfLanes32(counts: v128): i32 {
  return i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
}

// @ts-ignore: decorator
@inline
function sumOfFloats(sums: v128): f64 {
  return <f64>f32x4.extract_lane(sums, 0) + <f64>f32x4.extract_lane(sums, 1) + (<f64>f32x4.extract_lane(sums, 2) + <f64>f32x4.extract_lane(sums, 3));
}
