import { FormatError, quoteName } from '../../../base/formatError.js';
import type { FileTensor } from '../format.js';
import { placeTensors, type DeclaredGgufTensor } from './ggufLayout.js';
import { GgufCursor, remedy } from './ggufCursor.js';
import { readMetadataValue, type GgufValue } from './ggufMetadata.js';

/** Metadata and entries of tensors; a vocabulary of a million tokens with its merges has less. */
export const maxHeaderBytes = 256 * 1024 * 1024;

const maxKeys = 65_536;
const maxKeyBytes = 65_535;
const maxTensors = 1_000_000;
const maxNameBytes = 65_535;
/** Of ggml (`GGML_MAX_DIMS`). */
const maxDimensions = 4;
/** Bytes that an entry takes at least: its name's length, its type and a value; its dimensions, type and offset. */
const minKeyBytes = 13;
const minTensorBytes = 24;

const usualAlignment = 32;

/** What a GGUF file says before its data. */
export interface GgufHeader {
  readonly version: number;
  /** Metadata and entries of tensors, without the room before the data. */
  readonly byteLength: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[];
}

/**
 * Reads and validates the header of a GGUF file from its first bytes. Source: docs/gguf.md of ggml, `gguf_init_from_file` of
 * llama.cpp.
 * @param bytes from the start of the file, as many as were read so far
 * @throws FormatError naming the place; NeedMoreBytes when the header goes on beyond `bytes`.
 */
export function parseGgufHeader(file: string, bytes: Uint8Array, fileLength: number): GgufHeader {
  const cursor = new GgufCursor(file, bytes, fileLength, maxHeaderBytes);
  const version = readVersion(cursor);
  const tensorCount = cursor.count('number of tensors', minTensorBytes, maxTensors);
  const keyCount = cursor.count('number of metadata keys', minKeyBytes, maxKeys);
  const metadata = readMetadata(cursor, keyCount);
  const declared = Array.from({ length: tensorCount }, () => readTensor(cursor));
  const byteLength = cursor.position;
  const alignment = alignmentOf(cursor, metadata);
  const dataStart = Math.ceil(byteLength / alignment) * alignment;
  return { version, byteLength, metadata, tensors: placeTensors(declared, { file, dataStart, alignment, fileLength }) };
}

const magic = 'GGUF';

function readVersion(cursor: GgufCursor): number {
  const { buffer, byteOffset } = cursor.view(4);
  const start = Buffer.from(buffer, byteOffset, 4).toString('latin1');
  if (start !== magic) throw notGguf(cursor.file, start);
  const version = cursor.u32();
  const refuse = (problem: string, convert: string): never => {
    throw new FormatError({ file: cursor.file, problem, offset: 4, expected: 'GGUF 2 or 3', remedy: convert });
  };
  const swapped = ((version & 0xff) << 24) | ((version & 0xff00) << 8) | ((version >>> 8) & 0xff00) | (version >>> 24);
  if (version === 1) refuse('it is of GGUF version 1, which is not read', 'Convert the model again with a current llama.cpp.');
  if (swapped >= 1 && swapped <= 3)
    refuse('it is a big-endian GGUF file, which is not read', 'Convert it with gguf_convert_endian.py of llama.cpp.');
  if (version !== 2 && version !== 3) refuse(`it is of GGUF version ${version}, which is not known`, remedy);
  return version;
}

/** First bytes of what is met under the name of GGUF, and what it is. */
const others: Readonly<Record<string, { readonly is: string; readonly remedy: string }>> = {
  vers: { is: 'it is no GGUF file, but a Git LFS pointer', remedy: 'Fetch the file itself with "git lfs pull".' },
  tjgg: { is: 'it is of a format that llama.cpp had before GGUF', remedy: 'Convert the original model again with a current llama.cpp.' },
};
const oldMagics = ['tjgg', 'fmgg', 'lmgg', 'algg'];

function notGguf(file: string, start: string): FormatError {
  const other = others[oldMagics.includes(start) ? 'tjgg' : start];
  return new FormatError({
    file,
    problem: other?.is ?? 'it is no GGUF file',
    offset: 0,
    expected: quoteName(magic),
    actual: quoteName(start),
    remedy: other?.remedy ?? remedy,
  });
}

function readMetadata(cursor: GgufCursor, count: number): ReadonlyMap<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const at = cursor.position;
    const key = nameOf(cursor, cursor.string('length of a key', maxKeyBytes), at);
    if (metadata.has(key)) cursor.fail('a key is given twice', { at }, { key });
    metadata.set(key, readMetadataValue(cursor, key).value);
  }
  return metadata;
}

const strictText = new TextDecoder('utf-8', { fatal: true });

function nameOf(cursor: GgufCursor, bytes: Uint8Array, at: number): string {
  try {
    return strictText.decode(bytes);
  } catch {
    return cursor.fail('a name is not valid UTF-8', { at });
  }
}

function readTensor(cursor: GgufCursor): DeclaredGgufTensor {
  const at = cursor.position;
  const name = nameOf(cursor, cursor.string("length of a tensor's name", maxNameBytes), at);
  const dimensionsAt = cursor.position;
  const count = cursor.u32();
  if (count > maxDimensions)
    cursor.fail('too many dimensions', { at: dimensionsAt, expected: `at most ${maxDimensions}`, actual: `${count}` }, { tensor: name });
  const dimensions = Array.from({ length: count }, () => cursor.u64());
  return { name, at, shape: dimensions.reverse(), type: cursor.u32(), offset: cursor.u64() };
}

function alignmentOf(cursor: GgufCursor, metadata: ReadonlyMap<string, GgufValue>): number {
  const key = 'general.alignment';
  const alignment = metadata.get(key) ?? usualAlignment;
  if (typeof alignment === 'number' && Number.isInteger(Math.log2(alignment)) && alignment >= 1 && alignment <= 2 ** 31) return alignment;
  return cursor.fail(
    'alignment is no power of two',
    { at: 0, actual: typeof alignment === 'object' ? 'an array' : String(alignment) },
    { key },
  );
}
