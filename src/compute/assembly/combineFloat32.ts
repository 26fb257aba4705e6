import * as at from './combineLayout';
import { roundNumbers4 } from './combineNarrow';
import { widen4 } from './widen';

/** Sums of float32 squares are safe between these, lane by lane. */
const SMALLEST_SAFE: f32 = 1e-35;
const LARGEST_SAFE: f32 = 1e37;

/**
 * A block of `target + (plus − minus)` in float32, where that gives the bits that float64 gives: when every difference
 * is exact in float32. Then the sum is that of two float32, and rounding it once, or to float64 in between, is the
 * same, since float64 has more than twice the digits (Figueroa 1995). A difference d of p and m is exact if and only
 * if both p − d = m and d + m = p: the one whose operands are in order of size shows any error in full.
 *
 * Returns false, with the block unfinished, when a difference is not exact, a value is not finite, or the float32 sums
 * of squares would not be true.
 */
// @ts-ignore: decorator
@inline
export function addDifferenceBlock<T>(target: usize, plus: usize, minus: usize, out: usize): bool {
  const zero = f32x4.splat(0);
  let wrong = zero, lost = zero, delta = zero, anyLost = zero, still = zero, equal = zero;
  for (let i: usize = 0; i < <usize>at.BLOCK * sizeof<T>(); i += 16) {
    const evenTarget = even<T>(v128.load(target + i)), evenPlus = even<T>(v128.load(plus + i)), evenMinus = even<T>(v128.load(minus + i));
    const evenDelta = f32x4.sub(evenPlus, evenMinus);
    wrong = v128.or(wrong, inexact(evenPlus, evenMinus, evenDelta));
    const evenSum = f32x4.add(evenTarget, evenDelta);
    const evenBits = roundNumbers4<T>(evenSum);
    const evenStored = widen4<T>(evenBits);
    const evenLost = f32x4.sub(evenStored, evenSum);
    anyLost = v128.or(anyLost, evenLost);
    lost = f32x4.add(lost, f32x4.mul(evenLost, evenLost));
    delta = f32x4.add(delta, f32x4.mul(evenDelta, evenDelta));
    still = i32x4.sub(still, f32x4.eq(evenDelta, zero));
    equal = i32x4.sub(equal, f32x4.eq(evenStored, evenTarget));

    const oddTarget = odd<T>(v128.load(target + i)), oddPlus = odd<T>(v128.load(plus + i)), oddMinus = odd<T>(v128.load(minus + i));
    const oddDelta = f32x4.sub(oddPlus, oddMinus);
    wrong = v128.or(wrong, inexact(oddPlus, oddMinus, oddDelta));
    const oddSum = f32x4.add(oddTarget, oddDelta);
    const oddBits = roundNumbers4<T>(oddSum);
    const oddStored = widen4<T>(oddBits);
    const oddLost = f32x4.sub(oddStored, oddSum);
    anyLost = v128.or(anyLost, oddLost);
    lost = f32x4.add(lost, f32x4.mul(oddLost, oddLost));
    delta = f32x4.add(delta, f32x4.mul(oddDelta, oddDelta));
    still = i32x4.sub(still, f32x4.eq(oddDelta, zero));
    equal = i32x4.sub(equal, f32x4.eq(oddStored, oddTarget));

    v128.store(out + i, v128.or(evenBits, i32x4.shl(oddBits, 16)));
  }
  const allStill = i32x4.eq(still, i32x4.splat(at.BLOCK / 4));
  const noneLost = i32x4.eq(anyLost, zero);
  if (v128.any_true(wrong) || !areTrue(delta, allStill) || !areTrue(lost, noneLost)) return false;
  const stillCount = sumOfLanes32(still);
  at.add(at.SQUARES_DELTA, sumOfFloats(delta));
  at.add(at.SQUARES_LOST, sumOfFloats(lost));
  at.add(at.CHANGED, <f64>(at.BLOCK - stillCount));
  at.add(at.UNMOVED, <f64>(sumOfLanes32(equal) - stillCount));
  return true;
}

// @ts-ignore: decorator
@inline
function inexact(plus: v128, minus: v128, delta: v128): v128 {
  return v128.or(f32x4.ne(f32x4.sub(plus, delta), minus), f32x4.ne(f32x4.add(delta, minus), plus));
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
function odd<T>(pairs: v128): v128 {
  return isSigned<T>() ? widen4<T>(i32x4.shr_u(pairs, 16)) : v128.and(pairs, i32x4.splat(0xffff0000));
}

/** Whether each lane's sum of squares is neither spoilt by overflow, underflow or NaN, nor other than the 0 it has to be. */
// @ts-ignore: decorator
@inline
function areTrue(sums: v128, allZero: v128): bool {
  const inRange = v128.and(f32x4.gt(sums, f32x4.splat(SMALLEST_SAFE)), f32x4.lt(sums, f32x4.splat(LARGEST_SAFE)));
  return i32x4.all_true(v128.or(inRange, allZero));
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
