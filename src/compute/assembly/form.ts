/**
 * Values of a combination as float32, without storing it. `Stored` is the type that every value is rounded to on its
 * way: that of a checkpoint that would be saved, or `f32` for one rounding from float64. Any NaN becomes the quiet one
 * of positive sign. Every function returns how many of the values are NaN or infinite.
 */
import { toFloat32 } from './combine';
import { sumOfLanes32 } from './combineFloat32';
import { round4 } from './combineNarrow';
import { high, load4, loadOne, low, widen4 } from './widen';

/** Forms `target + scale·(plus − minus)`, all stored as T. */
export function formTransfer<T, Stored>(target: usize, plus: usize, minus: usize, out: usize, count: i32, scale: f64): i32 {
  const scales = f64x2.splat(scale);
  const whole = <usize>(count & ~3);
  let finite = i32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 4) {
    const offset = i * sizeof<T>();
    const t = load4<T>(target + offset), p = load4<T>(plus + offset), m = load4<T>(minus + offset);
    const lowSum = f64x2.add(low(t), f64x2.mul(f64x2.sub(low(p), low(m)), scales));
    const highSum = f64x2.add(high(t), f64x2.mul(f64x2.sub(high(p), high(m)), scales));
    finite = storeFormed<Stored>(out + (i << 2), toFloat32(lowSum, highSum), finite);
  }
  for (let i = whole; i < <usize>count; i++) {
    const offset = i * sizeof<T>();
    const sum = loadOne<T>(target + offset) + (loadOne<T>(plus + offset) - loadOne<T>(minus + offset)) * scale;
    finite = storeFormedOne<Stored>(out + (i << 2), <f32>sum, finite);
  }
  return count - sumOfLanes32(finite);
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
