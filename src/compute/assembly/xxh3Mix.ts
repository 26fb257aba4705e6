/** What the parts of XXH3 share: primes, mixing, and the order in which a hash is stored. */
import { RESULT } from './xxh3Layout';

export const PRIME32_1: u64 = 0x9e3779b1;
export const PRIME32_2: u64 = 0x85ebca77;
export const PRIME32_3: u64 = 0xc2b2ae3d;
export const PRIME64_1: u64 = 0x9e3779b185ebca87;
export const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
export const PRIME64_3: u64 = 0x165667b19e3779f9;
export const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
export const PRIME64_5: u64 = 0x27d4eb2f165667c5;
const PRIME_MIX: u64 = 0x165667919e3779f9;

/** High half of the 128-bit product; the low half is `a * b`. */
export function highProduct(a: u64, b: u64): u64 {
  const lowA = a & 0xffffffff, highA = a >> 32, lowB = b & 0xffffffff, highB = b >> 32;
  const crossed = highA * lowB;
  const middle = ((lowA * lowB) >> 32) + (crossed & 0xffffffff) + lowA * highB;
  return highA * highB + (crossed >> 32) + (middle >> 32);
}

/** Both halves of the 128-bit product, one over the other. */
export function foldedProduct(a: u64, b: u64): u64 {
  return (a * b) ^ highProduct(a, b);
}

/** XXH3's own final mixing. */
export function avalanche(hash: u64): u64 {
  const mixed = (hash ^ (hash >> 37)) * PRIME_MIX;
  return mixed ^ (mixed >> 32);
}

/** XXH64's final mixing, for the shortest inputs. */
export function avalanche64(hash: u64): u64 {
  const once = (hash ^ (hash >> 33)) * PRIME64_2;
  const twice = (once ^ (once >> 29)) * PRIME64_3;
  return twice ^ (twice >> 32);
}

/** Stores a hash in canonical order: big-endian, the high half first. */
export function storeHash(low: u64, high: u64): void {
  store<u64>(RESULT, bswap<u64>(high));
  store<u64>(RESULT + 8, bswap<u64>(low));
}
