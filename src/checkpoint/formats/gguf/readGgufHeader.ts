import type { ByteSource } from '../../byteSource.js';
import { NeedMoreBytes } from './ggufCursor.js';
import { maxHeaderBytes, parseGgufHeader, type GgufHeader } from './ggufHeader.js';

/** Enough for files without a vocabulary: all parts of a split model but the first. */
const firstByteLength = 64 * 1024;
/** How much more is read each time, so that all that is parsed in vain is little. */
const growth = 8;

/**
 * Reads and validates the header of a GGUF file; never touches tensor data beyond it.
 * @throws FormatError when the file breaks the format.
 */
export async function readGgufHeader(source: ByteSource, signal?: AbortSignal): Promise<GgufHeader> {
  const { name, byteLength } = source;
  let bytes = await source.read(0, Math.min(firstByteLength, byteLength), signal);
  for (;;) {
    try {
      return parseGgufHeader(name, bytes, byteLength);
    } catch (error) {
      if (!(error instanceof NeedMoreBytes)) throw error;
      const wanted = Math.min(Math.max(error.end, bytes.byteLength * growth), maxHeaderBytes, byteLength);
      bytes = await source.read(0, wanted, signal);
    }
  }
}
