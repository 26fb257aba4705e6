import { createHash } from 'node:crypto';

/*
 * A stored result: SHA-256 of all that follows (32 bytes), length of the header (4 bytes, little-endian), header (JSON), and
 * the float64 values of all sequences one after the other, as this machine keeps them in memory. Results stay on the
 * machine that made them.
 */

const checksumLength = 32;
const prefixLength = checksumLength + 4;
const format = 'model-rebase log-probabilities 1';

interface EntryHeader {
  readonly format: string;
  readonly key: string;
  /** Values of each sequence. */
  readonly lengths: readonly number[];
}

/** The bytes of a stored result. */
export function encodeEntry(key: string, values: readonly Float64Array[]): Uint8Array {
  const lengths = values.map(({ length }) => length);
  const header = Buffer.from(JSON.stringify({ format, key, lengths } satisfies EntryHeader));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.byteLength);
  const body = Buffer.concat([size, header, ...values.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength))]);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

/** The values of a stored result; null for bytes that are no whole result of this key. */
export function decodeEntry(key: string, bytes: Buffer): Float64Array[] | null {
  const body = bytes.subarray(checksumLength);
  if (bytes.byteLength < prefixLength || !createHash('sha256').update(body).digest().equals(bytes.subarray(0, checksumLength))) return null;
  const dataStart = prefixLength + body.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', prefixLength, dataStart)) as EntryHeader; // the checksum says that we wrote it
  return header.format === format && header.key === key ? cut(bytes.subarray(dataStart), header.lengths) : null;
}

function cut(data: Buffer, lengths: readonly number[]): Float64Array[] {
  const values = new Float64Array(data.byteLength / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(values.buffer).set(data);
  let start = 0;
  return lengths.map((length) => values.slice(start, (start += length)));
}
