import { basename, dirname, join } from 'node:path';
import { inParallel } from '../base/inParallel.js';
import { titleOf } from './address.js';
import type { Checkpoint } from './checkpoint.js';
import { checkFiles } from './checkFiles.js';
import { CompanionReader } from './companionReader.js';
import { collectTensors, type OpenShard } from './collectTensors.js';
import { FileByteSource } from './fileByteSource.js';
import { locateWeights, type LocatedWeights } from './locateWeights.js';
import { openDistributed, readContents } from './formats/index.js';

/**
 * Opens a model version by its address: a file of weights, the index of shards, a folder as the libraries would load it,
 * or `PATH#PART`, one of several in a folder. Reads headers only, so the time does not depend on the size of the weights.
 * @param companions for callers that read files beside the weights themselves
 * @throws FileAccessError, FormatError; the signal's reason when aborted.
 */
export async function openCheckpoint(address: string, signal?: AbortSignal, companions = new CompanionReader(signal)): Promise<Checkpoint> {
  signal?.throwIfAborted();
  const weights = await locateWeights(address, companions);
  if (weights.isDistributed) return openParts(weights, signal);
  const opened = await inParallel(weights.files, (file) => openShard(weights, file, signal));
  const { tensors, scattered, repeated } = collectTensors(opened, weights);
  return {
    path: weights.address,
    folder: weights.folder,
    name: titleOf(weights.address),
    shards: opened.map(({ shard }) => shard),
    tensors,
    scattered,
    findings: [
      ...weights.findings,
      ...opened.flatMap(({ contents }) => contents.findings),
      ...checkFiles(weights.address, opened, repeated, weights.index),
    ],
  };
}

/** Files that are nothing alone: their folder says what is where. */
async function openParts({ address, folder, files, findings }: LocatedWeights, signal?: AbortSignal): Promise<Checkpoint> {
  const place = dirname(join(folder, files[0]!));
  const opened = await openDistributed(
    place,
    files.map((file) => basename(file)),
    signal,
  );
  return { path: address, folder, name: titleOf(address), ...opened, findings: [...findings, ...opened.findings] };
}

async function openShard({ folder, part }: LocatedWeights, file: string, signal?: AbortSignal): Promise<OpenShard> {
  const path = join(folder, file);
  const source = await FileByteSource.open(path, signal);
  try {
    const { format, contents } = await readContents(source, signal, { part });
    const { byteLength, identity, modifiedAt } = source;
    return { shard: { path, format, byteLength, identity, modifiedAt, metadata: contents.metadata }, file, contents };
  } finally {
    await source.close();
  }
}
