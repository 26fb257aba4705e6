import { FileByteSource, type Checkpoint, type Tensor } from '../../checkpoint/index.js';
import { isDescription } from '../quantisation/index.js';

/**
 * Bytes of the small tensors that describe coded weights, by name. They are values, the only ones that are read when a model is
 * opened: without them, the shape of such a weight is unknown.
 * @throws FileAccessError; the signal's reason when aborted
 */
export async function readDescriptions({ tensors, shards }: Checkpoint, signal?: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  const described = tensors.filter(isDescription);
  for (const [index, { path }] of shards.entries()) {
    const wanted = described.filter(({ shard }) => shard === index);
    if (wanted.length > 0) await readInto(contents, path, wanted, signal);
  }
  return contents;
}

async function readInto(contents: Map<string, Uint8Array>, path: string, tensors: readonly Tensor[], signal?: AbortSignal): Promise<void> {
  const source = await FileByteSource.open(path, signal);
  try {
    for (const { name, start, byteLength } of tensors) contents.set(name, await source.read(start, start + byteLength, signal));
  } finally {
    await source.close();
  }
}
