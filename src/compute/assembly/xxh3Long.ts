/** The part of XXH3 for more than 240 bytes: eight accumulators over stripes of 64 bytes, scrambled after every sixteen. */
import * as at from './xxh3Layout';
import {
  avalanche, foldedProduct, storeHash,
  PRIME32_1, PRIME32_2, PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME64_5,
} from './xxh3Mix';

const STRIPES_PER_BLOCK: usize = 16;
const SCRAMBLE_SECRET: usize = at.SECRET + 128;
const LAST_STRIPE_SECRET: usize = at.SECRET + 121;
const LOW_SECRET: usize = at.SECRET + 11;
const HIGH_SECRET: usize = at.SECRET + 117;

/** Stripes of the current block that are accumulated. */
let stripesDone: usize = 0;

export function startAccumulators(): void {
  stripesDone = 0;
  v128.store(at.ACCUMULATORS, i64x2(PRIME32_3, PRIME64_1));
  v128.store(at.ACCUMULATORS, i64x2(PRIME64_2, PRIME64_3), 16);
  v128.store(at.ACCUMULATORS, i64x2(PRIME64_4, PRIME32_2), 32);
  v128.store(at.ACCUMULATORS, i64x2(PRIME64_5, PRIME32_1), 48);
}

/** Accumulates stripes that others follow. */
export function accumulate(source: usize, stripes: usize): void {
  let rest = stripes;
  let from = source;
  while (rest > 0) {
    const some = min(rest, STRIPES_PER_BLOCK - stripesDone);
    accumulateStripes(from, at.SECRET + stripesDone * 8, some);
    rest -= some;
    from += some * 64;
    stripesDone += some;
    if (stripesDone == STRIPES_PER_BLOCK) scramble();
  }
}

/** Adds the last stripe, which may overlap the one before, and stores the hash of `total` bytes. */
export function mergeAccumulators(lastStripe: usize, total: u64): void {
  accumulateStripes(lastStripe, LAST_STRIPE_SECRET, 1);
  storeHash(merge(LOW_SECRET, total * PRIME64_1), merge(HIGH_SECRET, ~(total * PRIME64_2)));
}

/** Adds to each accumulator its neighbour's data, and the product of both halves of its own data under the key. */
function accumulateStripes(source: usize, secret: usize, stripes: usize): void {
  let first = v128.load(at.ACCUMULATORS), second = v128.load(at.ACCUMULATORS, 16);
  let third = v128.load(at.ACCUMULATORS, 32), fourth = v128.load(at.ACCUMULATORS, 48);
  for (let i: usize = 0; i < stripes; i++) {
    const data = source + (i << 6), key = secret + (i << 3);
    const a = v128.load(data), b = v128.load(data, 16), c = v128.load(data, 32), d = v128.load(data, 48);
    const keyedA = v128.xor(a, v128.load(key)), keyedB = v128.xor(b, v128.load(key, 16));
    const keyedC = v128.xor(c, v128.load(key, 32)), keyedD = v128.xor(d, v128.load(key, 48));
    const lowAB = lowHalves(keyedA, keyedB), highAB = highHalves(keyedA, keyedB);
    const lowCD = lowHalves(keyedC, keyedD), highCD = highHalves(keyedC, keyedD);
    first = i64x2.add(first, i64x2.add(i64x2.extmul_low_i32x4_u(lowAB, highAB), neighbours(a)));
    second = i64x2.add(second, i64x2.add(i64x2.extmul_high_i32x4_u(lowAB, highAB), neighbours(b)));
    third = i64x2.add(third, i64x2.add(i64x2.extmul_low_i32x4_u(lowCD, highCD), neighbours(c)));
    fourth = i64x2.add(fourth, i64x2.add(i64x2.extmul_high_i32x4_u(lowCD, highCD), neighbours(d)));
  }
  v128.store(at.ACCUMULATORS, first);
  v128.store(at.ACCUMULATORS, second, 16);
  v128.store(at.ACCUMULATORS, third, 32);
  v128.store(at.ACCUMULATORS, fourth, 48);
}

/** Of four u64 the low 32 bits each, which one multiplication of vectors then takes two of: faster than vector by vector. */
// @ts-ignore: decorator
@inline
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

// @ts-ignore: decorator
@inline
function neighbours(pair: v128): v128 {
  return v128.shuffle<i64>(pair, pair, 1, 0);
}

function scramble(): void {
  for (let i: usize = 0; i < 64; i += 8) {
    const sum = load<u64>(at.ACCUMULATORS + i);
    store<u64>(at.ACCUMULATORS + i, (sum ^ (sum >> 47) ^ load<u64>(SCRAMBLE_SECRET + i)) * PRIME32_1);
  }
  stripesDone = 0;
}

function merge(secret: usize, start: u64): u64 {
  let hash = start;
  for (let i: usize = 0; i < 64; i += 16) {
    const low = load<u64>(at.ACCUMULATORS + i) ^ load<u64>(secret + i);
    const high = load<u64>(at.ACCUMULATORS + i, 8) ^ load<u64>(secret + i, 8);
    hash += foldedProduct(low, high);
  }
  return avalanche(hash);
}
