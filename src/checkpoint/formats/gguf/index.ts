import type { ByteSource } from '../../byteSource.js';
import type { Format } from '../format.js';
import { describeMetadata } from './describeMetadata.js';
import { readNumbers, readStrings } from './ggufMetadata.js';
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
 * The elements of an array of a file's metadata: tokens, merges, types of tokens.
 * @returns null where the file has no such key, or no array of texts or numbers
 * @throws FormatError, FileAccessError
 */
export async function readGgufArray(
  source: ByteSource,
  key: string,
  signal?: AbortSignal,
): Promise<readonly string[] | readonly number[] | null> {
  const value = (await readGgufHeader(source, signal)).metadata.get(key);
  if (Array.isArray(value)) return isOf('string', value) || isOf('number', value) ? value : null;
  if (typeof value !== 'object' || !('kind' in value)) return null;
  const bytes = await source.read(value.start, value.start + value.byteLength, signal);
  return value.type === 'string' ? readStrings(bytes, value.count) : readNumbers(bytes, value.type, value.count);
}

function isOf(type: 'string', values: readonly unknown[]): values is readonly string[];
function isOf(type: 'number', values: readonly unknown[]): values is readonly number[];
function isOf(type: 'string' | 'number', values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === type);
}
