import type { ByteSource } from '../../byteSource.js';
import type { Span } from '../format.js';
import { lengthPrefixSize, parseHeaderLength, parseSafetensorsHeader, type SafetensorsHeader } from './safetensorsHeader.js';

/**
 * Reads and validates the header of a safetensors file; never touches tensor data.
 * @throws FormatError when the file breaks the format.
 */
export async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<SafetensorsHeader> {
  const { name: file, byteLength: fileLength } = source;
  const prefix = await source.read(0, Math.min(lengthPrefixSize, fileLength), signal);
  const length = parseHeaderLength(file, prefix, fileLength);
  const header = await source.read(lengthPrefixSize, lengthPrefixSize + length, signal);
  return parseSafetensorsHeader({ file, header, fileLength });
}

/** Where the header lies, length prefix included, by that length alone. */
export async function headerSpan(source: ByteSource, signal?: AbortSignal): Promise<Span> {
  const prefix = await source.read(0, lengthPrefixSize, signal);
  return [0, lengthPrefixSize + parseHeaderLength(source.name, prefix, source.byteLength)];
}
