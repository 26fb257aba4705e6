/**
 * Counts the elements, unsigned integers T by their bits, that have every bit of `mask`: the exponent's bits for types with
 * infinities. `byteLength` is that of whole elements.
 */
// @ts-ignore: decorator
@inline
export function countMasked<T>(source: usize, byteLength: usize, mask: T): i32 {
  const masks = v128.splat<T>(mask);
  const whole = byteLength & ~15;
  let count: i32 = 0;
  for (let i: usize = 0; i < whole; i += 16) {
    count += popcnt(v128.bitmask<T>(v128.eq<T>(v128.and(v128.load(source + i), masks), masks)));
  }
  for (let i = whole; i < byteLength; i += sizeof<T>()) count += i32((load<T>(source + i) & mask) == mask);
  return count;
}

export function countMasked8(source: usize, byteLength: usize, mask: i32): i32 {
  return countMasked<u8>(source, byteLength, <u8>mask);
}

export function countMasked16(source: usize, byteLength: usize, mask: i32): i32 {
  return countMasked<u16>(source, byteLength, <u16>mask);
}

export function countMasked32(source: usize, byteLength: usize, mask: i32): i32 {
  return countMasked<u32>(source, byteLength, <u32>mask);
}

export function countMasked64(source: usize, byteLength: usize, mask: i64): i32 {
  return countMasked<u64>(source, byteLength, <u64>mask);
}
