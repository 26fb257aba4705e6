/**
 * XXH3 of 128 bits with seed 0, as its specification has it (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), over data that
 * comes in pieces of any size. `begin`, then `add` for each piece, then `end`, which leaves the hash at `RESULT`.
 */
import { hashShort } from './xxh3Short';
import { accumulate, mergeAccumulators, startAccumulators } from './xxh3Long';
import * as at from './xxh3Layout';

const STRIPE: usize = 64;

let total: u64 = 0;
let pending: usize = 0;

/** Starts a hash. */
export function beginHash(): void {
  startAccumulators();
  total = 0;
  pending = 0;
}

/** Adds a piece. Bytes are held back until others follow them, since the last 64 are treated apart. */
export function addToHash(source: usize, byteLength: usize): void {
  total += byteLength;
  if (pending + byteLength <= at.PENDING_BYTES) return hold(source, byteLength);
  let rest = source;
  const end = source + byteLength;
  if (pending > 0) {
    rest += at.PENDING_BYTES - pending;
    hold(source, at.PENDING_BYTES - pending);
    accumulate(at.PENDING, at.PENDING_BYTES / STRIPE);
    memory.copy(at.BEFORE, at.PENDING + at.PENDING_BYTES - STRIPE, STRIPE);
    pending = 0;
  }
  const stripes = (end - rest - 1) / STRIPE;
  if (stripes > 0) {
    accumulate(rest, stripes);
    rest += stripes * STRIPE;
    memory.copy(at.BEFORE, rest - STRIPE, STRIPE);
  }
  hold(rest, end - rest);
}

/** Ends the hash: its 16 bytes are at `RESULT`, in canonical order. */
export function endHash(): void {
  if (total <= at.LONGEST_SHORT) return hashShort(at.PENDING, pending);
  if (pending > STRIPE) accumulate(at.PENDING, (pending - 1) / STRIPE);
  mergeAccumulators(at.PENDING + pending - STRIPE, total);
}

function hold(source: usize, byteLength: usize): void {
  memory.copy(at.PENDING + pending, source, byteLength);
  pending += byteLength;
}
