import { stat } from 'node:fs/promises';
import { modifiedAtOf, type Checkpoint, type Shard } from '../checkpoint/index.js';
import { FileReadError } from '../compute/index.js';

/** Rejects when a shard is not the file it was when the checkpoint was opened: its numbers would be of two versions. */
export async function assertUnchanged(checkpoints: readonly Checkpoint[]): Promise<void> {
  const shards = checkpoints.flatMap(({ shards }) => shards);
  await Promise.all(shards.map(assertShardUnchanged));
}

async function assertShardUnchanged(shard: Shard): Promise<void> {
  const now = await stat(shard.path, { bigint: true }).catch(() => null);
  if (now && Number(now.size) === shard.byteLength && modifiedAtOf(now) === shard.modifiedAt) return;
  throw new FileReadError(
    `${shard.path}: ${now ? 'changed' : 'disappeared'} while it was being read, so the numbers would mix two versions. ` +
      'Wait until the file is complete and run again.',
  );
}
