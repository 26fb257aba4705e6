/** The parts of XXH3 for at most 240 bytes: a rule of its own for each range of lengths. */
import { SECRET } from './xxh3Layout';
import { avalanche, avalanche64, foldedProduct, highProduct, PRIME32_2, PRIME64_1, PRIME64_2, PRIME64_4, storeHash } from './xxh3Mix';

const PRIME_SHORT: u64 = 0x9fb21c651e98df25;

/** Stores the hash of `length` bytes. */
export function hashShort(source: usize, length: usize): void {
  if (length == 0) return storeHash(avalanche64(secret(64) ^ secret(72)), avalanche64(secret(80) ^ secret(88)));
  if (length <= 3) return hashUpTo3(source, length);
  if (length <= 8) return hashUpTo8(source, length);
  if (length <= 16) return hashUpTo16(source, length);
  if (length <= 128) return hashUpTo128(source, length);
  hashUpTo240(source, length);
}

/** Eight bytes of the secret. */
// @ts-ignore: decorator
@inline
function secret(offset: usize): u64 {
  return load<u64>(SECRET + offset);
}

function hashUpTo3(source: usize, length: usize): void {
  const first = <u32>load<u8>(source), middle = <u32>load<u8>(source + (length >> 1)), last = <u32>load<u8>(source + length - 1);
  const low = (first << 16) | (middle << 24) | last | (<u32>length << 8);
  const high = rotl<u32>(bswap<u32>(low), 13);
  const flipLow = <u64>(load<u32>(SECRET) ^ load<u32>(SECRET + 4)), flipHigh = <u64>(load<u32>(SECRET + 8) ^ load<u32>(SECRET + 12));
  storeHash(avalanche64(<u64>low ^ flipLow), avalanche64(<u64>high ^ flipHigh));
}

function hashUpTo8(source: usize, length: usize): void {
  const bytes = <u64>load<u32>(source) + (<u64>load<u32>(source + length - 4) << 32);
  const keyed = bytes ^ secret(16) ^ secret(24);
  const factor = PRIME64_1 + (<u64>length << 2);
  const product = keyed * factor;
  const high = highProduct(keyed, factor) + (product << 1);
  const low = product ^ (high >> 3);
  const mixed = (low ^ (low >> 35)) * PRIME_SHORT;
  storeHash(mixed ^ (mixed >> 28), avalanche(high));
}

function hashUpTo16(source: usize, length: usize): void {
  const first = load<u64>(source), last = load<u64>(source + length - 8);
  const keyed = first ^ last ^ secret(32) ^ secret(40);
  const flipped = last ^ secret(48) ^ secret(56);
  const high = highProduct(keyed, PRIME64_1) + flipped + (flipped & 0xffffffff) * (PRIME32_2 - 1);
  const low = (keyed * PRIME64_1 + (<u64>(length - 1) << 54)) ^ bswap<u64>(high);
  storeHash(avalanche(low * PRIME64_2), avalanche(highProduct(low, PRIME64_2) + high * PRIME64_2));
}

let low: u64 = 0;
let high: u64 = 0;

function hashUpTo128(source: usize, length: usize): void {
  low = <u64>length * PRIME64_1;
  high = 0;
  for (let i: usize = (length - 1) >> 5; i > 0; i--) mix32(source + i * 16, source + length - 16 - i * 16, i * 32);
  mix32(source, source + length - 16, 0);
  storeMixed(length);
}

function hashUpTo240(source: usize, length: usize): void {
  low = <u64>length * PRIME64_1;
  high = 0;
  for (let i: usize = 0; i < 128; i += 32) mix32(source + i, source + i + 16, i);
  low = avalanche(low);
  high = avalanche(high);
  for (let i: usize = 128; i + 32 <= length; i += 32) mix32(source + i, source + i + 16, i - 125);
  mix32(source + length - 16, source + length - 32, 103);
  storeMixed(length);
}

/** Mixes 16 bytes from two places each into both halves, under 32 bytes of the secret. */
function mix32(first: usize, second: usize, key: usize): void {
  low = (low + mix16(first, key)) ^ (load<u64>(second) + load<u64>(second, 8));
  high = (high + mix16(second, key + 16)) ^ (load<u64>(first) + load<u64>(first, 8));
}

function mix16(source: usize, key: usize): u64 {
  return foldedProduct(load<u64>(source) ^ secret(key), load<u64>(source, 8) ^ secret(key + 8));
}

function storeMixed(length: usize): void {
  storeHash(avalanche(low + high), 0 - avalanche(low * PRIME64_1 + high * PRIME64_4 + <u64>length * PRIME64_2));
}
