import { basename, dirname, resolve } from 'node:path';
import type { Checkpoint } from './checkpoint.js';
import { checkFiles } from './checkFiles.js';
import { collectTensors, type OpenShard } from './collectTensors.js';
import { FileByteSource } from './fileByteSource.js';
import { indexSuffix, locateWeights, weightsSuffix, type WeightFiles } from './locateWeights.js';
import { inParallel } from '../base/inParallel.js';
import { readHeader } from './readHeader.js';

/**
 * Opens a model version: a `.safetensors` file, a folder that holds one or a sharded set, or the index of one. Reads
 * headers only, so the time does not depend on the size of the weights.
 * @throws FileAccessError, FormatError; the signal's reason when aborted.
 */
export async function openCheckpoint(path: string, signal?: AbortSignal): Promise<Checkpoint> {
  signal?.throwIfAborted();
  const absolute = resolve(path);
  const weights = await locateWeights(absolute);
  const opened = await inParallel(weights.paths, (file) => openShard(file, signal));
  const { tensors, repeated } = collectTensors(opened, weights);
  const shards = opened.map(({ shard }) => shard);
  return {
    path: absolute,
    name: displayName(absolute, weights),
    shards,
    tensors,
    findings: [...weights.findings, ...checkFiles(absolute, opened, repeated, weights.index)],
  };
}

function displayName(path: string, weights: WeightFiles): string {
  if (path.endsWith(indexSuffix)) return basename(dirname(path));
  return path === weights.folder ? basename(path) : basename(path, weightsSuffix);
}

async function openShard(path: string, signal?: AbortSignal): Promise<OpenShard> {
  const source = await FileByteSource.open(path, signal);
  try {
    const header = await readHeader(source, signal);
    const { byteLength, identity, modifiedAt } = source;
    return { shard: { path, byteLength, identity, modifiedAt, metadata: header.metadata }, header };
  } finally {
    await source.close();
  }
}
