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
  const hashes = tensors.map((_, i) => hasher.hash(chunkHashes.subarray(firsts[i]! * hashByteLength, firsts[i + 1]! * hashByteLength)));
  const shards = headers.map((header, shard) => {
    const stored = tensors.flatMap((tensor, i) =>
      tensor.shard === shard && tensor.byteLength > 0 ? [{ offset: tensor.offset, hash: hashes[i]! }] : [],
    );
    const ordered = stored.sort((a, b) => a.offset - b.offset).map(({ hash }) => hash);
    return hasher.hex(Buffer.concat([hasher.hash(header), ...ordered]));
  });
  return { tensors: hashes.map((hash) => Buffer.from(hash).toString('hex')), shards };
}
