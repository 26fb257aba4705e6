import { addDifferenceBlock, sumOfLanes32 } from './combineFloat32';
import * as at from './combineLayout';
import { round4, store4, storeOne } from './combineNarrow';
import { high, load4, loadOne, low, widen4 } from './widen';

/** What is left for the slow way after the whole blocks: nothing, or the last few elements. */
// @ts-ignore: decorator
@inline
function wholeBlocks(count: i32): i32 {
  return count - (count % at.BLOCK);
}

/** `target + scale·(plus − minus)`, all stored as T, rounded to T. Multiplying by a scale of 1 changes nothing. */
export function transferBlocks<T>(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): void {
  const whole = wholeBlocks(count);
  const inFloat32 = !isFloat<T>() && scale == 1;
  for (let first: i32 = 0; first < whole; first += at.BLOCK) {
    const offset = <usize>first * sizeof<T>();
    if (inFloat32 && addDifferenceBlock<T>(target + offset, plus + offset, minus + offset, out + offset)) continue;
    if (transferBlock<T>(target + offset, plus + offset, minus + offset, out + offset, scale)) continue;
    evaluateTransfer<T>(target + offset, plus + offset, minus + offset, at.BLOCK, scale);
    measure<T>(at.EXACT, at.DELTA, at.TARGET, out + offset, at.BLOCK);
  }
  if (whole == count) return;
  const offset = <usize>whole * sizeof<T>();
  evaluateTransfer<T>(target + offset, plus + offset, minus + offset, count - whole, scale);
  roundAll<T>(at.EXACT, out + offset, count - whole);
  measure<T>(at.EXACT, at.DELTA, at.TARGET, out + offset, count - whole);
}

/** Writes a block; false when its sums were not finite and have to be taken again with care. */
// @ts-ignore: decorator
@inline
function transferBlock<T>(target: usize, plus: usize, minus: usize, out: usize, scale: f64): bool {
  const scales = f64x2.splat(scale);
  const zero = f64x2.splat(0);
  let lost = zero, delta = zero, still = i64x2.splat(0), equal = i32x4.splat(0);
  for (let i: usize = 0; i < <usize>at.BLOCK * sizeof<T>(); i += 4 * sizeof<T>()) {
    const t = load4<T>(target + i), p = load4<T>(plus + i), m = load4<T>(minus + i);
    const lowDelta = f64x2.mul(f64x2.sub(low(p), low(m)), scales), highDelta = f64x2.mul(f64x2.sub(high(p), high(m)), scales);
    const lowExact = f64x2.add(low(t), lowDelta), highExact = f64x2.add(high(t), highDelta);
    const bits = round4<T>(toFloat32(lowExact, highExact));
    store4<T>(out + i, bits);
    const stored = widen4<T>(bits);
    const lowLost = f64x2.sub(low(stored), lowExact), highLost = f64x2.sub(high(stored), highExact);
    delta = f64x2.add(delta, f64x2.add(f64x2.mul(lowDelta, lowDelta), f64x2.mul(highDelta, highDelta)));
    lost = f64x2.add(lost, f64x2.add(f64x2.mul(lowLost, lowLost), f64x2.mul(highLost, highLost)));
    still = i64x2.sub(still, i64x2.add(f64x2.eq(lowDelta, zero), f64x2.eq(highDelta, zero)));
    equal = i32x4.sub(equal, f32x4.eq(stored, t));
  }
  return addSums(delta, lost, still, equal);
}

/** Rounds `count` exact values to T; `delta` and `target` say what they are made of. All three are float64. */
export function finishBlocks<T>(exact: usize, delta: usize, target: usize, out: usize, count: i32): void {
  const whole = wholeBlocks(count);
  for (let first: i32 = 0; first < whole; first += at.BLOCK) {
    const wide = <usize>first << 3;
    const offset = <usize>first * sizeof<T>();
    if (!finishBlock<T>(exact + wide, delta + wide, target + wide, out + offset)) measure<T>(exact + wide, delta + wide, target + wide, out + offset, at.BLOCK);
  }
  const wide = <usize>whole << 3;
  const offset = <usize>whole * sizeof<T>();
  roundAll<T>(exact + wide, out + offset, count - whole);
  measure<T>(exact + wide, delta + wide, target + wide, out + offset, count - whole);
}

// @ts-ignore: decorator
@inline
function finishBlock<T>(exact: usize, change: usize, target: usize, out: usize): bool {
  const zero = f64x2.splat(0);
  let lost = zero, delta = zero, still = i64x2.splat(0), equal = i64x2.splat(0);
  for (let i: usize = 0; i < <usize>at.BLOCK; i += 4) {
    const lowExact = v128.load(exact + (i << 3)), highExact = v128.load(exact + (i << 3), 16);
    const lowTarget = v128.load(target + (i << 3)), highTarget = v128.load(target + (i << 3), 16);
    const bits = round4<T>(toFloat32(lowExact, highExact));
    store4<T>(out + i * sizeof<T>(), bits);
    const stored = widen4<T>(bits);
    const lowDelta = v128.load(change + (i << 3)), highDelta = v128.load(change + (i << 3), 16);
    const lowLost = f64x2.sub(low(stored), lowExact), highLost = f64x2.sub(high(stored), highExact);
    delta = f64x2.add(delta, f64x2.add(f64x2.mul(lowDelta, lowDelta), f64x2.mul(highDelta, highDelta)));
    lost = f64x2.add(lost, f64x2.add(f64x2.mul(lowLost, lowLost), f64x2.mul(highLost, highLost)));
    const lowStill = f64x2.eq(lowDelta, zero), highStill = f64x2.eq(highDelta, zero);
    still = i64x2.sub(still, i64x2.add(lowStill, highStill));
    const lowEqual = f64x2.eq(low(stored), lowTarget), highEqual = f64x2.eq(high(stored), highTarget);
    equal = i64x2.sub(equal, i64x2.add(v128.andnot(lowEqual, lowStill), v128.andnot(highEqual, highStill)));
  }
  if (!isFiniteSum(delta) || !isFiniteSum(lost)) return false;
  at.add(at.SQUARES_DELTA, sumOfLanes(delta));
  at.add(at.SQUARES_LOST, sumOfLanes(lost));
  at.add(at.CHANGED, <f64>(at.BLOCK - <i32>countOfLanes(still)));
  at.add(at.UNMOVED, <f64>countOfLanes(equal));
  return true;
}

/** F64 output keeps the exact values: nothing is lost and nothing overflows. */
export function finishFloat64(exact: usize, delta: usize, target: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 8) {
    const value = load<f64>(exact + i);
    store<u64>(out + i, isNaN(value) ? 0x7ff8000000000000 : reinterpret<u64>(value));
    at.add(at.NON_FINITE, <f64>!isFinite(value));
    const change = load<f64>(delta + i);
    if (!isFinite(change)) continue;
    at.add(at.CHANGED, <f64>(change != 0));
    at.add(at.UNMOVED, <f64>(change != 0 && value == load<f64>(target + i)));
    if (isFinite(value)) at.add(at.SQUARES_DELTA, change * change);
  }
}

/** Where Δ = 0 the target's value is stored again, since it is one of T: so what equals it otherwise did not move. */
// @ts-ignore: decorator
@inline
function addSums(delta: v128, lost: v128, still: v128, equal: v128): bool {
  if (!isFiniteSum(delta) || !isFiniteSum(lost)) return false;
  const stillCount = <i32>countOfLanes(still);
  const equalCount = sumOfLanes32(equal);
  at.add(at.SQUARES_DELTA, sumOfLanes(delta));
  at.add(at.SQUARES_LOST, sumOfLanes(lost));
  at.add(at.CHANGED, <f64>(at.BLOCK - stillCount));
  at.add(at.UNMOVED, <f64>(equalCount - stillCount));
  return true;
}

/** Exact values and target of a few elements, for the slow way. */
function evaluateTransfer<T>(target: usize, plus: usize, minus: usize, count: i32, scale: f64): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const offset = i * sizeof<T>();
    const value = loadOne<T>(target + offset);
    const delta = (loadOne<T>(plus + offset) - loadOne<T>(minus + offset)) * scale;
    store<f64>(at.TARGET + (i << 3), value);
    store<f64>(at.DELTA + (i << 3), delta);
    store<f64>(at.EXACT + (i << 3), value + delta);
  }
}

function roundAll<T>(exact: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) storeOne<T>(out + i * sizeof<T>(), <f32>load<f64>(exact + (i << 3)));
}

/**
 * Adds the sums of a few elements. Those whose Δ is not finite are left out, and of the norms those that overflowed. The
 * blocks that are measured at once hold neither NaN nor infinity: these are met here alone.
 */
function measure<T>(exact: usize, change: usize, target: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const delta = load<f64>(change + (i << 3));
    const value = load<f64>(exact + (i << 3));
    const stored = loadOne<T>(out + i * sizeof<T>());
    at.add(at.NON_FINITE, <f64>!isFinite(stored));
    at.add(at.OVERFLOWED, <f64>(isFinite(value) && !isFinite(stored)));
    if (!isFinite(delta)) continue;
    const lost = stored - value;
    at.add(at.CHANGED, <f64>(delta != 0));
    at.add(at.UNMOVED, <f64>(delta != 0 && stored == load<f64>(target + (i << 3))));
    if (!isFinite(lost)) continue;
    at.add(at.SQUARES_DELTA, delta * delta);
    at.add(at.SQUARES_LOST, lost * lost);
  }
}

// @ts-ignore: decorator
@inline
export function toFloat32(lowHalf: v128, highHalf: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(lowHalf), f32x4.demote_f64x2_zero(highHalf), 0, 2);
}

// @ts-ignore: decorator
@inline
function isFiniteSum(sums: v128): bool {
  return isFinite(sumOfLanes(sums));
}

// @ts-ignore: decorator
@inline
function sumOfLanes(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

// @ts-ignore: decorator
@inline
function countOfLanes(counts: v128): i64 {
  return i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1);
}
