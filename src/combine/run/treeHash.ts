import { hashByteLength, type Hasher } from '../../compute/index.js';
import type { PlannedTensor } from '../plan.js';
import { firstChunks } from './chunks.js';

/** Name of the rule below, as manifests give it. */
export const hashRule = 'xxh3-128-tree-1MiB';

export interface TreeHashes {
  /** Of each tensor, in the order of the plan. Hexadecimal, 32 digits. */
  readonly tensors: readonly string[];
  /** Of each file of weights. */
  readonly shards: readonly string[];
}

/**
 * Hashes of tensors and files of weights, as anyone can recompute them. H is XXH3-128 with seed 0, its 16 bytes in
 * canonical order (those of the usual hexadecimal notation).
 *
 * - A tensor's bytes are cut into chunks of 1 MiB (1,048,576 bytes), the last one shorter; an empty tensor has none.
 *   Its hash is H(H(chunk 0) ‖ H(chunk 1) ‖ …), also when there is only one.
 * - A file's hash is H(H(header) ‖ hash of tensor 0 ‖ hash of tensor 1 ‖ …), where the header is everything before the
 *   data section (length prefix, JSON, padding), tensors come in the order of their bytes, and those without bytes are
 *   left out.
 *
 * So chunks can be hashed in any order, by several threads, as they are written.
 */
export function treeHashes(
  hasher: Hasher,
  tensors: readonly PlannedTensor[],
  headers: readonly Uint8Array[],
  chunkHashes: Uint8Array,
): TreeHashes {
  const firsts = firstChunks(tensors);
  const hashes = tensors.map((_, i) => hasher.hex(chunkHashes.subarray(firsts[i]! * hashByteLength, firsts[i + 1]! * hashByteLength)));
  const stored = storedTensors(tensors, headers.length);
  return { tensors: hashes, shards: headers.map((header, shard) => shardHash(hasher, header, stored[shard]!, hashes)) };
}

/** Of each file the indices of the tensors that have bytes, in the order of these. */
function storedTensors(tensors: readonly PlannedTensor[], shardCount: number): readonly (readonly number[])[] {
  const stored = Array.from({ length: shardCount }, (): number[] => []);
  for (const [i, { shard, byteLength }] of tensors.entries()) if (byteLength > 0) stored[shard]!.push(i);
  for (const indices of stored) indices.sort((a, b) => tensors[a]!.offset - tensors[b]!.offset);
  return stored;
}

function shardHash(hasher: Hasher, header: Uint8Array, stored: readonly number[], hashes: readonly string[]): string {
  const start = hasher.hash(header);
  hasher.begin();
  hasher.add(start);
  for (const i of stored) hasher.add(Buffer.from(hashes[i]!, 'hex'));
  return Buffer.from(hasher.end()).toString('hex');
}
