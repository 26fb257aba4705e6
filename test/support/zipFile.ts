import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive to be written. */
export interface ZipFileEntry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly compressed?: boolean;
  /** Bytes that its header is padded with, as PyTorch does to align what follows. */
  readonly padding?: number;
}

export interface ZipOptions {
  /** Sizes and places in 64 bits, though they would fit. */
  readonly zip64?: boolean;
  readonly comment?: string;
}

/** The bytes of a ZIP archive. */
export function buildZip(entries: readonly ZipFileEntry[], { zip64 = false, comment = '' }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const listed: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { name, content, compressed = false, padding = 0 } = entry;
    const stored = compressed ? deflateRawSync(content) : Buffer.from(content);
    const facts = {
      name: Buffer.from(name),
      method: compressed ? 8 : 0,
      crc: crc32(content),
      size: content.byteLength,
      stored: stored.byteLength,
    };
    const local = Buffer.concat([localHeader(facts, padding), stored]);
    listed.push(listedHeader(facts, at, zip64));
    pieces.push(local);
    at += local.byteLength;
  }
  const directory = Buffer.concat(listed);
  return Buffer.concat([...pieces, directory, ...endRecords(entries.length, directory.byteLength, at, zip64, comment)]);
}

interface Facts {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly stored: number;
}

function localHeader({ name, method, crc, size, stored }: Facts, padding: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(stored, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.byteLength, 26);
  header.writeUInt16LE(padding, 28);
  return Buffer.concat([header, name, Buffer.alloc(padding)]);
}

function listedHeader({ name, method, crc, size, stored }: Facts, start: number, zip64: boolean): Buffer {
  const extra = Buffer.alloc(zip64 ? 28 : 0);
  if (zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    for (const [i, value] of [size, stored, start].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(zip64 ? 0xffffffff : stored, 20);
  header.writeUInt32LE(zip64 ? 0xffffffff : size, 24);
  header.writeUInt16LE(name.byteLength, 28);
  header.writeUInt16LE(extra.byteLength, 30);
  header.writeUInt32LE(zip64 ? 0xffffffff : start, 42);
  return Buffer.concat([header, name, extra]);
}

function endRecords(count: number, size: number, start: number, zip64: boolean, comment: string): Buffer[] {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : count, 8);
  end.writeUInt16LE(zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : start, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  const records = [end, Buffer.from(comment)];
  return zip64 ? [...end64Records(count, size, start), ...records] : records;
}

function end64Records(count: number, size: number, start: number): Buffer[] {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  for (const [i, value] of [count, count, size, start].entries()) record.writeBigUInt64LE(BigInt(value), 24 + 8 * i);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + size), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator];
}
