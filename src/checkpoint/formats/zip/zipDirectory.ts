import { FormatError } from '../../../base/formatError.js';
import type { ByteSource } from '../../byteSource.js';
import type { Span } from '../format.js';

/** One file of a ZIP archive, as its directory lists it. */
export interface ZipEntry {
  readonly name: string;
  /** In bytes. */
  readonly nameLength: number;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its own header lies. */
  readonly headerStart: number;
}

/** The list of files at the end of an archive. Entries do not overlap, and their names are unique. */
export interface ZipDirectory {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Where the list lies. */
  readonly span: Span;
}

/** Source of all layouts: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16. */
export const headerLength = 30;
const listedLength = 46;
const endLength = 22;
const end64Length = 56;
const locatorLength = 20;
const maxCommentLength = 0xffff;
const [listedMark, endMark, end64Mark, locatorMark] = [0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const inExtra32 = 0xffff_ffff;

/** A directory of a million entries has less. */
const maxDirectoryLength = 256 * 1024 * 1024;

const remedy = 'The file is damaged or incomplete: download or save it again.';

export function failZip(source: Pick<ByteSource, 'name'>, problem: string, facts: { offset?: number; actual?: string } = {}): never {
  throw new FormatError({ file: source.name, problem: `ZIP archive: ${problem}`, ...facts, remedy });
}

/**
 * Reads the directory of an archive that fills its file: nothing stands before the first entry or behind the last record, so that
 * every reader of ZIP finds the same entries.
 * @throws FormatError
 */
export async function readZipDirectory(source: ByteSource, signal?: AbortSignal): Promise<ZipDirectory> {
  const place = await findDirectory(source, signal);
  const [start, end] = place.span;
  if (end - start > maxDirectoryLength) failZip(source, 'the directory is too long', { actual: `${end - start} bytes` });
  const entries = parseEntries(source, await source.read(start, end, signal), place);
  checkOverlap(source, entries, start);
  const named = new Map(entries.map((entry) => [entry.name, entry]));
  if (named.size < entries.length) failZip(source, 'two files have the same name');
  return { entries: named, span: place.span };
}

interface DirectoryPlace {
  readonly span: Span;
  readonly count: number;
}

/** The records at the end: the last one, and of archives that need 64 bits two before it. */
async function findDirectory(source: ByteSource, signal?: AbortSignal): Promise<DirectoryPlace> {
  const tailStart = Math.max(0, source.byteLength - maxCommentLength - endLength - locatorLength);
  const tail = viewOf(await source.read(tailStart, source.byteLength, signal));
  const at = findEnd(source, tail);
  const place = { count: tail.getUint16(at + 10, true), size: tail.getUint32(at + 12, true), start: tail.getUint32(at + 16, true) };
  if (tail.getUint16(at + 4, true) !== tail.getUint16(at + 6, true)) failZip(source, 'it is one of several parts');
  const locator = at - locatorLength;
  const has64 = locator >= 0 && tail.getUint32(locator, true) === locatorMark;
  const found = has64
    ? await readEnd64(source, tail.getBigUint64(locator + 8, true), tailStart + locator, signal)
    : { ...place, end: tailStart + at };
  if (found.start + found.size !== found.end)
    failZip(source, 'the directory is not where the end of the archive says', { offset: found.start });
  return { span: [found.start, found.end], count: found.count };
}

/** The comment, which may be empty, ends where the file does. */
function findEnd(source: ByteSource, tail: DataView): number {
  for (let at = tail.byteLength - endLength; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endMark) continue;
    if (at + endLength + tail.getUint16(at + 20, true) === tail.byteLength) return at;
  }
  return failZip(source, 'it has no end, or other data follows it');
}

async function readEnd64(
  source: ByteSource,
  start: bigint,
  locatorStart: number,
  signal?: AbortSignal,
): Promise<{ count: number; size: number; start: number; end: number }> {
  const at = Number(start);
  if (at + end64Length > locatorStart) failZip(source, 'the record of its 64-bit sizes is not there', { offset: at });
  const record = viewOf(await source.read(at, at + end64Length, signal));
  const length = Number(record.getBigUint64(4, true)) + 12;
  if (record.getUint32(0, true) !== end64Mark || at + length !== locatorStart)
    failZip(source, 'the record of its 64-bit sizes is damaged', { offset: at });
  const field = (offset: number): number => Number(record.getBigUint64(offset, true));
  return { count: field(32), size: field(40), start: field(48), end: at };
}

function parseEntries(source: ByteSource, bytes: Uint8Array, { count, span }: DirectoryPlace): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    if (at + listedLength > bytes.byteLength || view.getUint32(at, true) !== listedMark)
      failZip(source, 'the directory is damaged', { offset: span[0] + at });
    const length = listedLength + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + length > bytes.byteLength) failZip(source, 'the directory ends within an entry', { offset: span[0] + at });
    entries.push(parseEntry(source, bytes.subarray(at, at + length), span[0] + at));
    at += length;
  }
  if (entries.length !== count)
    failZip(source, 'the directory has another number of entries than it says', { actual: `${entries.length} of ${count}` });
  return entries;
}

function parseEntry(source: ByteSource, bytes: Uint8Array, offset: number): ZipEntry {
  const view = viewOf(bytes);
  const nameLength = view.getUint16(28, true);
  const name = Buffer.from(bytes.subarray(listedLength, listedLength + nameLength)).toString('utf8');
  if ((view.getUint16(8, true) & 1) === 1) failZip(source, `${JSON.stringify(name.slice(0, 80))} is encrypted`, { offset });
  const extra = bytes.subarray(listedLength + nameLength, listedLength + nameLength + view.getUint16(30, true));
  const [size, compressedSize, headerStart] = widen(source, extra, [
    view.getUint32(24, true),
    view.getUint32(20, true),
    view.getUint32(42, true),
  ]);
  return { name, nameLength, method: view.getUint16(10, true), size: size!, compressedSize: compressedSize!, headerStart: headerStart! };
}

/** Fields that do not fit into 32 bits stand in an extra field, in the same order. */
function widen(source: ByteSource, extra: Uint8Array, fields: readonly number[]): number[] {
  if (!fields.includes(inExtra32)) return [...fields];
  const wide = extraField(extra, 0x0001);
  let at = 0;
  return fields.map((field) => {
    if (field !== inExtra32) return field;
    if (wide === null || at + 8 > wide.byteLength) return failZip(source, 'a 64-bit size is missing');
    at += 8;
    return Number(viewOf(wide).getBigUint64(at - 8, true));
  });
}

function extraField(extra: Uint8Array, id: number): Uint8Array | null {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === id && at + 4 + length <= extra.byteLength) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}

/** Entries follow each other and end before the directory: files within files are how small archives unpack to large ones. */
function checkOverlap(source: ByteSource, entries: readonly ZipEntry[], directoryStart: number): void {
  const sorted = [...entries].sort((a, b) => a.headerStart - b.headerStart);
  for (const [i, { name, nameLength, headerStart, compressedSize }] of sorted.entries()) {
    const end = headerStart + headerLength + nameLength + compressedSize;
    if (end > (sorted[i + 1]?.headerStart ?? directoryStart))
      failZip(source, `${JSON.stringify(name.slice(0, 80))} overlaps what follows it`, { offset: headerStart });
  }
  if (sorted[0] !== undefined && sorted[0].headerStart !== 0) failZip(source, 'other data stands before its first file');
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
