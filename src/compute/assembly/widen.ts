import * as at from './lanes';
import { FLOAT8_TABLE } from './layout';

/** Type parameters that stand for a storage type of two bytes; `f32` stands for itself. */
export type BFloat16 = u16;
export type Float16 = i16;

/** Four stored values as float32, exactly. */
// @ts-ignore: decorator
@inline
export function load4<T>(address: usize): v128 {
  return widen4<T>(isFloat<T>() ? v128.load(address) : v128.load_ext<u16>(address));
}

/** Four stored values, each in a lane of its own, as float32, exactly. */
// @ts-ignore: decorator
@inline
export function widen4<T>(bits: v128): v128 {
  if (isFloat<T>()) return bits;
  if (isSigned<T>()) return widenFloat16(bits);
  return i32x4.shl(bits, 16);
}

/** Moves exponent and fraction into float32 position, then scales by 2^112, which also makes denormals right. */
// @ts-ignore: decorator
@inline
function widenFloat16(bits: v128): v128 {
  const magnitude = i32x4.shl(v128.and(bits, v128.load(at.MAGNITUDE16)), 13);
  const finite = f32x4.mul(magnitude, v128.load(at.FROM_FLOAT16));
  const special = v128.and(i32x4.ge_s(magnitude, v128.load(at.MOVED_INFINITY)), v128.load(at.INFINITY));
  const sign = i32x4.shl(v128.and(bits, v128.load(at.SIGN16)), 16);
  return v128.or(v128.or(finite, special), sign);
}

/** One stored value of a type that `load4` widens, as float64. */
// @ts-ignore: decorator
@inline
export function loadOne<T>(address: usize): f64 {
  if (isFloat<T>()) return <f64>load<f32>(address);
  const bits = <u32>load<u16>(address);
  if (isSigned<T>()) return <f64>f32x4.extract_lane(widenFloat16(i32x4.splat(bits)), 0);
  return <f64>reinterpret<f32>(bits << 16);
}

/** Widens `count` integers of type T to float64, rounding those beyond 2^53 to nearest even. */
export function widenIntegers<T>(source: usize, target: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<f64>(target + i * 8, <f64>load<T>(source + i * sizeof<T>()));
  }
}

/** Widens `count` values of a type that `load4` knows, four at a time. */
export function widenFloats<T>(source: usize, target: usize, count: i32): void {
  const whole = <usize>(count & ~3);
  for (let i: usize = 0; i < whole; i += 4) {
    const x = load4<T>(source + i * sizeof<T>());
    v128.store(target + (i << 3), low(x));
    v128.store(target + (i << 3), high(x), 16);
  }
  for (let i: usize = whole; i < <usize>count; i++) {
    store<f64>(target + i * 8, loadOne<T>(source + i * sizeof<T>()));
  }
}

/** The first two of four float32, as float64. */
// @ts-ignore: decorator
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** The last two of four float32, as float64. */
// @ts-ignore: decorator
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

/** Widens truth values: any byte but 0 is 1. */
export function widenBooleans(source: usize, target: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<f64>(target + i * 8, load<u8>(source + i) == 0 ? 0 : 1);
  }
}

/** Widens eight-bit floats through the table of their values. */
export function widenFloat8(source: usize, target: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<f64>(target + i * 8, load<f64>(FLOAT8_TABLE + ((<usize>load<u8>(source + i)) << 3)));
  }
}
