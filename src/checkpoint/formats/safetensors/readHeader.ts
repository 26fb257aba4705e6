import { createHash } from 'node:crypto';
import type { ByteSource } from '../../byteSource.js';
import type { FileTensor, Span } from '../format.js';
import {
  lengthPrefixSize,
  parseHeaderLength,
  parseSafetensorsHeader,
  type HeaderInput,
  type SafetensorsHeader,
} from './safetensorsHeader.js';

/**
 * Reads and validates the header of a safetensors file; never touches tensor data.
 * @throws FormatError when the file breaks the format.
 */
export async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<SafetensorsHeader> {
  const { name: file, byteLength: fileLength } = source;
  const prefix = await source.read(0, Math.min(lengthPrefixSize, fileLength), signal);
  const length = parseHeaderLength(file, prefix, fileLength);
  const header = await source.read(lengthPrefixSize, lengthPrefixSize + length, signal);
  return parseShared({ file, header, fileLength });
}

/** Headers from this size on (some 10,000 tensors) are looked for among those that are in use. */
const minSharedByteLength = 1024 * 1024;

/** What large headers say, as long as somebody has their tensors. */
const inUse = new Map<string, Omit<SafetensorsHeader, 'tensors'> & { readonly tensors: WeakRef<readonly FileTensor[]> }>();

/**
 * Versions of one model mostly have the same header, byte by byte: then they have the same tensors, in one list. For a million
 * tensors that spares seconds and hundreds of megabytes.
 */
function parseShared(input: HeaderInput): SafetensorsHeader {
  if (input.header.byteLength < minSharedByteLength) return parseSafetensorsHeader(input);
  const key = `${input.fileLength} ${createHash('sha256').update(input.header).digest('hex')}`;
  const known = inUse.get(key);
  const tensors = known?.tensors.deref();
  if (known !== undefined && tensors !== undefined) return { ...known, tensors };
  const header = parseSafetensorsHeader(input);
  for (const [other, { tensors: held }] of inUse) if (held.deref() === undefined) inUse.delete(other);
  inUse.set(key, { ...header, tensors: new WeakRef(header.tensors) });
  return header;
}

/** Where the header lies, length prefix included, by that length alone. */
export async function headerSpan(source: ByteSource, signal?: AbortSignal): Promise<Span> {
  const prefix = await source.read(0, lengthPrefixSize, signal);
  return [0, lengthPrefixSize + parseHeaderLength(source.name, prefix, source.byteLength)];
}
