import { inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../../byteSource.js';
import type { Span } from '../format.js';
import { failZip, headerLength, viewOf, type ZipDirectory, type ZipEntry } from './zipDirectory.js';

const headerMark = 0x04034b50;
const stored = 0;
const deflated = 8;

/**
 * Where the bytes of an entry lie, compressed or not. Its own header is read, since it may be padded.
 * @throws FormatError when that header says otherwise than the directory
 */
export async function locateEntry(source: ByteSource, { span }: ZipDirectory, entry: ZipEntry, signal?: AbortSignal): Promise<Span> {
  const { name, nameLength, headerStart, compressedSize, method } = entry;
  const header = await source.read(headerStart, headerStart + headerLength + nameLength, signal);
  const view = viewOf(header);
  const isSame =
    view.getUint32(0, true) === headerMark &&
    view.getUint16(8, true) === method &&
    view.getUint16(26, true) === nameLength &&
    Buffer.from(header.subarray(headerLength)).toString('utf8') === name;
  const start = headerStart + headerLength + nameLength + view.getUint16(28, true);
  if (!isSame || start + compressedSize > span[0])
    failZip(source, `the header of ${JSON.stringify(name.slice(0, 80))} is damaged`, { offset: headerStart });
  return [start, start + compressedSize];
}

export function isStoredEntry({ method, size, compressedSize }: ZipEntry): boolean {
  return method === stored && size === compressedSize;
}

/**
 * The content of a small entry.
 * @param maxByteLength of the content, however small its compressed bytes are
 * @throws FormatError
 */
export async function readEntry(
  source: ByteSource,
  directory: ZipDirectory,
  entry: ZipEntry,
  maxByteLength: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const shown = JSON.stringify(entry.name.slice(0, 80));
  if (entry.size > maxByteLength) failZip(source, `${shown} is too large`, { actual: `${entry.size} bytes` });
  const [start, end] = await locateEntry(source, directory, entry, signal);
  if (isStoredEntry(entry)) return source.read(start, end, signal);
  if (entry.method !== deflated || entry.compressedSize > maxByteLength)
    return failZip(source, `${shown} is compressed in a way that is not read`);
  return inflate(source, await source.read(start, end, signal), entry);
}

function inflate(source: ByteSource, bytes: Uint8Array, { name, size }: ZipEntry): Uint8Array {
  try {
    const content = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
    if (content.byteLength === size) return content;
  } catch {
    // said below: the content is longer than stated, or no such stream
  }
  return failZip(source, `${JSON.stringify(name.slice(0, 80))} does not unpack to the size that is stated`);
}
