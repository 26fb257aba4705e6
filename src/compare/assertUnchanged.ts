import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Shard } from '../checkpoint/index.js';
import { describeChange, FileReadError } from '../compute/index.js';
import { modifiedAtOf } from '../base/modifiedAt.js';
import type { Model } from '../model/index.js';
import { problemOf } from '../base/fileAccess.js';

/** Rejects when a shard is not the file it was when the checkpoint was opened: its numbers would be of two versions. */
export async function assertUnchanged(checkpoints: readonly Model[]): Promise<void> {
  const shards = checkpoints.flatMap(({ shards }) => shards);
  await Promise.all(shards.map(assertShardUnchanged));
}

async function assertShardUnchanged(shard: Shard): Promise<void> {
  const stats = await statOf(shard);
  const found = { byteLength: Number(stats.size), modifiedAt: modifiedAtOf(stats) };
  if (found.byteLength === shard.byteLength && found.modifiedAt === shard.modifiedAt) return;
  throw new FileReadError(
    `${shard.path}: changed while it was being read, so the numbers would mix two versions. ${describeChange(shard, found)}`,
  );
}

async function statOf({ path }: Shard): Promise<BigIntStats> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const reason = problemOf(error, 'reading');
    throw new FileReadError(`${path}: disappeared while it was being read (${reason}). Put the file back and run again.`, { cause: error });
  }
}
