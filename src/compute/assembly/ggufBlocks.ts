import { Float16, loadOne } from './widen';

/**
 * Values of GGUF blocks as float32, for the types that most files have. `src/compute/recipe/blocks` says what lies where in a block,
 * has the other types, and names the source. Products are exact; only what is taken away from them is rounded, as float32 does.
 */

// @ts-ignore: decorator
@inline
function scale(address: usize): f32 {
  return <f32>loadOne<Float16>(address);
}

/** Eight codes in lanes of 16 bits as `code · factor − minimum`. */
// @ts-ignore: decorator
@inline
function storeEight(target: usize, codes: v128, factor: v128, minimum: v128): void {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(codes));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(codes));
  v128.store(target, f32x4.sub(f32x4.mul(low, factor), minimum));
  v128.store(target, f32x4.sub(f32x4.mul(high, factor), minimum), 16);
}

/** The same where nothing is taken away: 0 − 0 would lose the sign of −0. */
// @ts-ignore: decorator
@inline
function storeEightScaled(target: usize, codes: v128, factor: v128): void {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(codes));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(codes));
  v128.store(target, f32x4.mul(low, factor));
  v128.store(target, f32x4.mul(high, factor), 16);
}

export function decodeQ8_0(source: usize, target: usize, count: i32): void {
  for (; count > 0; count--, source += 34, target += 128) {
    const d = f32x4.splat(scale(source));
    for (let i: usize = 0; i < 32; i += 8) storeEightScaled(target + (i << 2), v128.load_ext<i8>(source + 2 + i), d);
  }
}

export function decodeQ4_0(source: usize, target: usize, count: i32): void {
  const offset = i16x8.splat(8);
  for (; count > 0; count--, source += 18, target += 128) {
    const d = f32x4.splat(scale(source));
    for (let i: usize = 0; i < 16; i += 8) {
      const codes = v128.load_ext<u8>(source + 2 + i);
      storeEightScaled(target + (i << 2), i16x8.sub(v128.and(codes, i16x8.splat(15)), offset), d);
      storeEightScaled(target + (i << 2) + 64, i16x8.sub(i16x8.shr_u(codes, 4), offset), d);
    }
  }
}

/** Six bits, of which parts from the fifth on keep two with an earlier part. */
// @ts-ignore: decorator
@inline
function scaleOf(scales: usize, part: usize): f32 {
  if (part < 4) return <f32>(load<u8>(scales + part) & 63);
  return <f32>((load<u8>(scales + 4 + part) & 15) | ((load<u8>(scales + part - 4) >> 2) & 48));
}

// @ts-ignore: decorator
@inline
function minimumOf(scales: usize, part: usize): f32 {
  if (part < 4) return <f32>(load<u8>(scales + 4 + part) & 63);
  return <f32>((load<u8>(scales + 4 + part) >> 4) | ((load<u8>(scales + part) >> 2) & 48));
}

export function decodeQ4_K(source: usize, target: usize, count: i32): void {
  for (; count > 0; count--, source += 144) {
    const d = scale(source);
    const dmin = scale(source + 2);
    for (let part: usize = 0; part < 8; part += 2, target += 256) {
      const low = f32x4.splat(d * scaleOf(source + 4, part));
      const lowMinimum = f32x4.splat(dmin * minimumOf(source + 4, part));
      const high = f32x4.splat(d * scaleOf(source + 4, part + 1));
      const highMinimum = f32x4.splat(dmin * minimumOf(source + 4, part + 1));
      for (let i: usize = 0; i < 32; i += 8) {
        const codes = v128.load_ext<u8>(source + 16 + part * 16 + i);
        storeEight(target + (i << 2), v128.and(codes, i16x8.splat(15)), low, lowMinimum);
        storeEight(target + (i << 2) + 128, i16x8.shr_u(codes, 4), high, highMinimum);
      }
    }
  }
}

export function decodeQ5_K(source: usize, target: usize, count: i32): void {
  for (; count > 0; count--, source += 176) {
    const d = scale(source);
    const dmin = scale(source + 2);
    for (let part: usize = 0; part < 8; part += 2, target += 256) {
      const low = f32x4.splat(d * scaleOf(source + 4, part));
      const lowMinimum = f32x4.splat(dmin * minimumOf(source + 4, part));
      const high = f32x4.splat(d * scaleOf(source + 4, part + 1));
      const highMinimum = f32x4.splat(dmin * minimumOf(source + 4, part + 1));
      for (let i: usize = 0; i < 32; i += 8) {
        const codes = v128.load_ext<u8>(source + 48 + part * 16 + i);
        const fifth = i16x8.shr_u(v128.load_ext<u8>(source + 16 + i), <i32>part);
        const lowFifth = i16x8.shl(v128.and(fifth, i16x8.splat(1)), 4);
        const highFifth = i16x8.shl(v128.and(fifth, i16x8.splat(2)), 3);
        storeEight(target + (i << 2), v128.or(v128.and(codes, i16x8.splat(15)), lowFifth), low, lowMinimum);
        storeEight(target + (i << 2) + 128, v128.or(i16x8.shr_u(codes, 4), highFifth), high, highMinimum);
      }
    }
  }
}

export function decodeQ6_K(source: usize, target: usize, count: i32): void {
  const offset = i16x8.splat(32);
  for (; count > 0; count--, source += 210) {
    const d = scale(source + 208);
    for (let part: usize = 0; part < 16; part++, target += 64) {
      const factor = f32x4.splat(d * <f32>load<i8>(source + 192 + part));
      const inHalf = part & 7;
      const low = source + ((part >> 3) << 6) + ((inHalf & 3) << 4);
      const high = source + 128 + ((part >> 3) << 5) + ((inHalf & 1) << 4);
      for (let i: usize = 0; i < 16; i += 8) {
        const fours = v128.and(i16x8.shr_u(v128.load_ext<u8>(low + i), <i32>(inHalf & 4)), i16x8.splat(15));
        const twos = v128.and(i16x8.shr_u(v128.load_ext<u8>(high + i), <i32>(inHalf & 6)), i16x8.splat(3));
        storeEightScaled(target + (i << 2), i16x8.sub(v128.or(fours, i16x8.shl(twos, 4)), offset), factor);
      }
    }
  }
}
