import * as at from './lanes';

/**
 * Rounds four float32 to type T, to nearest even, one stored value in the low bits of each lane. Any NaN becomes the
 * quiet one of T with a positive sign, so that the bytes written do not depend on the processor.
 */
// @ts-ignore: decorator
@inline
export function round4<T>(x: v128): v128 {
  const quietNaN = i32x4.splat(isFloat<T>() ? 0x7fc00000 : isSigned<T>() ? 0x7e00 : 0x7fc0);
  return v128.bitselect(roundNumbers4<T>(x), quietNaN, f32x4.eq(x, x));
}

/** As `round4` where no value is NaN. */
// @ts-ignore: decorator
@inline
export function roundNumbers4<T>(x: v128): v128 {
  if (isFloat<T>()) return x;
  if (isSigned<T>()) return roundToFloat16(x);
  return roundToBFloat16(x);
}

/** Stores what `round4` returned. */
// @ts-ignore: decorator
@inline
export function store4<T>(address: usize, bits: v128): void {
  if (isFloat<T>()) v128.store(address, bits);
  else v128.store_lane<u64>(address, i16x8.narrow_i32x4_u(bits, bits), 0);
}

/** Rounds and stores one value. */
// @ts-ignore: decorator
@inline
export function storeOne<T>(address: usize, value: f32): void {
  const bits = i32x4.extract_lane(round4<T>(f32x4.splat(value)), 0);
  if (isFloat<T>()) store<u32>(address, bits);
  else store<u16>(address, <u16>bits);
}

/** Adds half of the last kept place, minus one unless the kept part is odd; a carry into the exponent is right. */
// @ts-ignore: decorator
@inline
function roundToBFloat16(x: v128): v128 {
  return i32x4.shr_u(roundUpperHalf4(x, v128.load(at.ONE), v128.load(at.BELOW_HALF)), 16);
}

/**
 * Rounds four numbers to BF16 in the upper half of each lane, and leaves the lower half undefined. `one` has 1 in each
 * lane, `belowHalf` has 0x7fff.
 */
// @ts-ignore: decorator
@inline
export function roundUpperHalf4(x: v128, one: v128, belowHalf: v128): v128 {
  return i32x4.add(i32x4.add(x, belowHalf), v128.and(i32x4.shr_u(x, 16), one));
}

/**
 * Normal results as above, with the exponent moved from bias 127 to 15 and magnitudes cut off at 2^16, which is
 * infinity. Results below 2^-14: adding 0.5, whose last place is 2^-24, makes the addition round to their grid.
 */
// @ts-ignore: decorator
@inline
function roundToFloat16(x: v128): v128 {
  const magnitude = v128.and(x, v128.load(at.MAGNITUDE));
  const cut = i32x4.min_u(magnitude, v128.load(at.BEYOND_FLOAT16));
  const odd = v128.and(i32x4.shr_u(cut, 13), v128.load(at.ONE));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(cut, v128.load(at.TO_FLOAT16)), odd), 13);
  const denormal = i32x4.sub(f32x4.add(magnitude, v128.load(at.HALF)), v128.load(at.HALF));
  const isDenormal = i32x4.lt_s(magnitude, v128.load(at.LEAST_NORMAL));
  const sign = v128.and(i32x4.shr_u(x, 16), v128.load(at.SIGN16));
  return v128.or(v128.bitselect(denormal, normal, isDenormal), sign);
}

