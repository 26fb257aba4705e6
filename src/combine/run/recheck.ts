import { stat } from 'node:fs/promises';
import { hashByteLength, hashChunkByteLength, inOrder, type FileVersion, type TensorSlice, type WorkerPool } from '../../compute/index.js';
import type { PlannedTensor } from '../plan.js';
import type { OutputShard } from './chunks.js';
import { modifiedAtOf } from '../../base/modifiedAt.js';

/** Ranges that share a task. */
const rangesPerTask = 8;
const tasksPerWorker = 2;

/** A chunk of an output file to be hashed. */
export interface StoredChunk {
  readonly number: number;
  readonly slice: TensorSlice;
}

/** The chunks of a stored output for which `isWanted`, in the order of the plan. */
export function* storedChunks(
  tensors: readonly PlannedTensor[],
  shards: readonly OutputShard[],
  versions: readonly FileVersion[],
  isWanted: (chunk: number) => boolean,
): Generator<StoredChunk> {
  let number = 0;
  for (const { name, dtype, shard, offset, byteLength } of tensors) {
    const start = shards[shard]!.dataStart + offset;
    for (let first = 0; first < byteLength; first += hashChunkByteLength, number++) {
      if (!isWanted(number)) continue;
      const length = Math.min(hashChunkByteLength, byteLength - first);
      yield { number, slice: { file: versions[shard]!, tensor: name, dtype, start: start + first, byteLength: length } };
    }
  }
}

/** Hashes chunks as they are on the disk and hands each to `onHash`, in order. */
export async function hashStored(
  pool: WorkerPool,
  chunks: Iterable<StoredChunk>,
  onHash: (chunk: StoredChunk, hash: Uint8Array) => void,
): Promise<void> {
  const work = (group: readonly StoredChunk[]) => pool.run({ kind: 'hash', ranges: group.map(({ slice }) => slice) });
  for await (const { item, result } of inOrder(inGroups(chunks), work, pool.size * tasksPerWorker)) {
    for (const [i, chunk] of item.entries()) onHash(chunk, result.subarray(i * hashByteLength, (i + 1) * hashByteLength));
  }
}

function* inGroups(chunks: Iterable<StoredChunk>): Generator<StoredChunk[]> {
  let group: StoredChunk[] = [];
  for (const chunk of chunks) {
    group.push(chunk);
    if (group.length < rangesPerTask) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Files as they are now. */
export function versionsOf(paths: readonly string[]): Promise<FileVersion[]> {
  return Promise.all(
    paths.map(async (path) => {
      const stats = await stat(path, { bigint: true });
      return { path, byteLength: Number(stats.size), modifiedAt: modifiedAtOf(stats) };
    }),
  );
}
