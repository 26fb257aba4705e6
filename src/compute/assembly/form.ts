/**
 * Values of a combination as float32, without storing it. `Stored` is the type that every value is rounded to on its
 * way: that of a checkpoint that would be saved, or `f32` for one rounding from float64. Any NaN becomes the quiet one
 * of positive sign. Every function returns how many of the values are NaN or infinite.
 */
import { toFloat32 } from './combine';
import { sumOfLanes32 } from './combineFloat32';
import * as at from './combineLayout';
import { round4, roundNumbers4, roundUpperHalf4 } from './combineNarrow';
import { BELOW_HALF, ONE, UPPER_HALF } from './lanes';
import { load4, loadOne, widen4 } from './widen';

/** Forms `target + scale·(plus − minus)`, all stored as T. Along a line between two checkpoints `minus` is the target. */
export function formTransfer<T, Stored>(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): i32 {
  const whole = count - (count % at.BLOCK);
  let nonFinite = 0;
  for (let first: i32 = 0; first < whole; first += at.BLOCK) {
    const offset = <usize>first * sizeof<T>();
    const t = target + offset, p = plus + offset, m = minus + offset, to = out + (<usize>first << 2);
    const isFinite = target == minus ? formFinite<T, Stored>(t, p, t, to, scale, true) : formFinite<T, Stored>(t, p, m, to, scale, false);
    if (!isFinite) nonFinite += formAny<T, Stored>(t, p, m, to, at.BLOCK, scale);
  }
  const offset = <usize>whole * sizeof<T>();
  return nonFinite + formAny<T, Stored>(target + offset, plus + offset, minus + offset, out + (<usize>whole << 2), count - whole, scale);
}

/** Forms a block, unless a value of it is not finite: then it returns false, and what it wrote is not to be used. */
// @ts-ignore: decorator
@inline
function formFinite<T, Stored>(target: usize, plus: usize, minus: usize, out: usize, scale: f64, isLine: bool): bool {
  const t = widened<T>(target, at.WIDENED_TARGET), p = widened<T>(plus, at.WIDENED_PLUS), m = isLine ? t : widened<T>(minus, at.WIDENED_MINUS);
  const scales = f64x2.splat(scale);
  let largest = i32x4.splat(0);
  for (let i: usize = 0; i < <usize>at.BLOCK << 2; i += 16) {
    const lowTarget = promoted(t + i), highTarget = promoted(t + i + 8);
    const lowMinus = isLine ? lowTarget : promoted(m + i), highMinus = isLine ? highTarget : promoted(m + i + 8);
    const lowSum = f64x2.add(lowTarget, f64x2.mul(f64x2.sub(promoted(p + i), lowMinus), scales));
    const highSum = f64x2.add(highTarget, f64x2.mul(f64x2.sub(promoted(p + i + 8), highMinus), scales));
    const formed = stored4<Stored>(toFloat32(lowSum, highSum));
    v128.store(out + i, formed);
    largest = i32x4.max_u(largest, i32x4.shl(formed, 1));
  }
  return i32x4.all_true(i32x4.lt_u(largest, i32x4.splat(0xff000000)));
}

/** Two float32 of memory as float64: with the load in it, V8 needs one instruction, and none that moves lanes. */
// @ts-ignore: decorator
@inline
function promoted(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address));
}

/** Where a block of values stored as T lies as float32: where it is, or in `scratch`. */
// @ts-ignore: decorator
@inline
function widened<T>(source: usize, scratch: usize): usize {
  if (isFloat<T>()) return source;
  for (let i: usize = 0; i < <usize>at.BLOCK << 1; i += 16) {
    const pairs = v128.load(source + i);
    if (isSigned<T>()) {
      v128.store(scratch + (i << 1), widen4<T>(i32x4.extend_low_i16x8_u(pairs)));
      v128.store(scratch + (i << 1), widen4<T>(i32x4.extend_high_i16x8_u(pairs)), 16);
    } else {
      const zero = i16x8.splat(0);
      v128.store(scratch + (i << 1), v128.shuffle<i16>(zero, pairs, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(scratch + (i << 1), v128.shuffle<i16>(zero, pairs, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    }
  }
  return scratch;
}

/** Forms any values, one by one. */
function formAny<T, Stored>(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): i32 {
  let finite = i32x4.splat(0);
  for (let i: usize = 0; i < <usize>count; i++) {
    const offset = i * sizeof<T>();
    const sum = loadOne<T>(target + offset) + (loadOne<T>(plus + offset) - loadOne<T>(minus + offset)) * scale;
    finite = storeFormedOne<Stored>(out + (i << 2), <f32>sum, finite);
  }
  return count - sumOfLanes32(finite);
}

/** Four numbers rounded to the type that they would be stored as, as float32. */
// @ts-ignore: decorator
@inline
function stored4<Stored>(x: v128): v128 {
  if (isFloat<Stored>() || isSigned<Stored>()) return widen4<Stored>(roundNumbers4<Stored>(x));
  return v128.and(roundUpperHalf4(x, v128.load(ONE), v128.load(BELOW_HALF)), v128.load(UPPER_HALF));
}

/** Forms copies of values stored as T. */
export function formCopy<T>(source: usize, out: usize, count: i32): i32 {
  const whole = <usize>(count & ~3);
  let finite = i32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 4) finite = storeFormed<f32>(out + (i << 2), load4<T>(source + i * sizeof<T>()), finite);
  for (let i = whole; i < <usize>count; i++) {
    finite = storeFormedOne<f32>(out + (i << 2), <f32>loadOne<T>(source + i * sizeof<T>()), finite);
  }
  return count - sumOfLanes32(finite);
}

/** Forms sums that are there as float64. */
export function formSums<Stored>(sums: usize, out: usize, count: i32): i32 {
  const whole = <usize>(count & ~3);
  let finite = i32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 4) {
    const sum = toFloat32(v128.load(sums + (i << 3)), v128.load(sums + (i << 3), 16));
    finite = storeFormed<Stored>(out + (i << 2), sum, finite);
  }
  for (let i = whole; i < <usize>count; i++) {
    finite = storeFormedOne<Stored>(out + (i << 2), <f32>load<f64>(sums + (i << 3)), finite);
  }
  return count - sumOfLanes32(finite);
}

/** Stores four values and returns the counts of finite ones, lane by lane. */
// @ts-ignore: decorator
@inline
function storeFormed<Stored>(address: usize, x: v128, finite: v128): v128 {
  const formed = widen4<Stored>(round4<Stored>(x));
  v128.store(address, formed);
  return i32x4.sub(finite, isFinite4(formed));
}

// @ts-ignore: decorator
@inline
function storeFormedOne<Stored>(address: usize, x: f32, finite: v128): v128 {
  const formed = widen4<Stored>(round4<Stored>(f32x4.splat(x)));
  store<f32>(address, f32x4.extract_lane(formed, 0));
  return i32x4.sub(finite, v128.and(isFinite4(formed), i32x4(-1, 0, 0, 0)));
}

// @ts-ignore: decorator
@inline
function isFinite4(x: v128): v128 {
  return f32x4.lt(f32x4.abs(x), f32x4.splat(<f32>Infinity));
}
