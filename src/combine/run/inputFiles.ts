import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { hashHeader } from '../../checkpoint/index.js';
import { FileReadError } from '../../compute/index.js';
import type { PlanInput, PlanInputShard } from '../plan.js';
import { inParallel } from '../../base/inParallel.js';
import { modifiedAtOf } from '../../base/modifiedAt.js';
import { openRegular } from '../../base/readFile.js';

const streamByteLength = 4 * 1024 * 1024;

/** @returns how an input file differs from what the plan says of it, as a clause; null when it is the same. */
export async function differenceOfInput(shard: PlanInputShard): Promise<string | null> {
  const changed = await differenceOfStats(shard);
  if (changed !== null) return changed;
  return (await hashHeader(shard.path)) === shard.headerSha256 ? null : 'has another header than when it was planned';
}

async function differenceOfStats({ path, byteLength, modifiedAt }: PlanInputShard): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  if (stats === null) return 'is missing or cannot be read';
  if (Number(stats.size) !== byteLength) return `has ${stats.size} bytes instead of ${byteLength}`;
  return modifiedAtOf(stats) === modifiedAt ? null : 'was modified since';
}

/** @throws FileReadError naming the first input that is not what the plan says. */
export async function assertInputsMatch(inputs: readonly PlanInput[]): Promise<void> {
  for (const { role, shards } of inputs) {
    await inParallel(shards, async (shard) => {
      const difference = await differenceOfInput(shard);
      if (difference !== null)
        throw new FileReadError(
          `${shard.path} (${role}): ${difference}. Make the plan again, so that the output is made of one version of each input.`,
        );
    });
  }
}

/** SHA-256 of every input file, by path: what the Hub calls a file's LFS id. Reads everything, in 4 MiB pieces. */
export async function sha256OfInputs(
  inputs: readonly PlanInput[],
  signal?: AbortSignal,
  onBytes?: (count: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Set(inputs.flatMap(({ shards }) => shards.map(({ path }) => path)));
  const hashes = new Map<string, string>();
  for (const path of paths) hashes.set(path, await sha256OfFile(path, signal, onBytes));
  return hashes;
}

async function sha256OfFile(path: string, signal?: AbortSignal, onBytes?: (count: number) => void): Promise<string> {
  const hash = createHash('sha256');
  const file = await openRegular(path);
  for await (const piece of file.createReadStream({ highWaterMark: streamByteLength }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(piece);
    onBytes?.(piece.byteLength);
  }
  return hash.digest('hex');
}
