import type { ByteSource } from '../../byteSource.js';
import type { Format } from '../format.js';
import { describeMetadata } from './describeMetadata.js';
import { readStrings } from './ggufMetadata.js';
import { readGgufHeader } from './readGgufHeader.js';

export { blockTypes, isBlockType, type BlockFacts, type BlockType } from './ggmlTypes.js';

/** The format of llama.cpp: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
export const gguf: Format = {
  id: 'gguf',
  name: 'GGUF',
  suffixes: ['.gguf'],
  recognises: (start) => Buffer.from(start.subarray(0, 4)).toString('latin1') === 'GGUF',
  read: async (source, signal) => {
    const { metadata, tensors } = await readGgufHeader(source, signal);
    return { tensors, views: [], metadata: describeMetadata(metadata), repeatedNames: [], findings: [] };
  },
  descriptionSpans: async (source, signal) => [[0, (await readGgufHeader(source, signal)).byteLength]],
};

/**
 * The texts of an array of a file's metadata: tokens, merges.
 * @returns null where the file has no such key, or it holds something else
 * @throws FormatError, FileAccessError
 */
export async function readGgufStrings(source: ByteSource, key: string, signal?: AbortSignal): Promise<readonly string[] | null> {
  const value = (await readGgufHeader(source, signal)).metadata.get(key);
  if (Array.isArray(value)) return value.every((text) => typeof text === 'string') ? value : null;
  if (typeof value !== 'object' || !('kind' in value) || value.type !== 'string') return null;
  return readStrings(await source.read(value.start, value.start + value.byteLength, signal), value.count);
}
