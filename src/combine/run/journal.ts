import { copyFile, open, rename, truncate, type FileHandle } from 'node:fs/promises';
import { writing } from '../../base/fileAccess.js';
import { maxTextBytes, readTextIfPresent } from '../../base/readFile.js';
import { syncFile } from '../../base/syncFolder.js';
import { hashByteLength } from '../../compute/index.js';
import { sumsPerChunk, type ChunkLedger } from './chunkLedger.js';
import type { PlanIdentity } from './planIdentity.js';

/** Name of the journal in the partial folder. */
export const journalName = 'model-rebase.journal';

const version = 3;

/** The first line: what the output is made of. */
interface Opening {
  readonly journal: typeof version;
  readonly identity: PlanIdentity;
  /** Names of all files that the output will consist of: what else lies in its folder is somebody's. */
  readonly files: readonly string[];
}

/** Every other line: chunks that are written, with what the manifest needs of them. */
interface Entry {
  readonly chunks: readonly number[];
  /** Hexadecimal, 32 digits each. */
  readonly hashes: string;
  /** Their numbers (`ChunkLedger.sumsOf`) as float64, little-endian, in base64: infinities survive. */
  readonly sums: string;
}

/** More chunks, which only tiny tensors have at once, are several lines: their texts would be large objects, which stay for long. */
const maxChunksPerLine = 1024;

/** The journal of a partial output is unreadable or of another version of the tool. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * Append-only record of finished chunks: one JSON line each time. A line counts once it is complete, so a process that
 * is killed while writing loses that line and nothing else.
 */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly sync: boolean,
  ) {}

  /** Starts a journal. @throws when one exists */
  static async start(path: string, { identity, files }: Omit<Opening, 'journal'>, sync: boolean): Promise<Journal> {
    const journal = new Journal(path, await open(path, 'ax'), sync);
    await journal.#write({ journal: version, identity, files });
    await journal.#makeDurable();
    return journal;
  }

  /** Continues a journal behind its last complete line, in a file that is new: its former writer may have the old one open. */
  static async resume(path: string, completeLength: number, renewed: string, sync: boolean): Promise<Journal> {
    await copyFile(path, renewed);
    await truncate(renewed, completeLength);
    if (sync) await syncFile(renewed);
    await rename(renewed, path);
    return new Journal(path, await open(path, 'a'), sync);
  }

  /** Records finished chunks, whose bytes the caller has synced if it syncs. */
  async record(chunks: readonly number[], ledger: ChunkLedger): Promise<void> {
    for (let first = 0; first < chunks.length; first += maxChunksPerLine)
      await this.#write(entryOf(chunks.slice(first, first + maxChunksPerLine), ledger));
    await this.#makeDurable();
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  async #write(line: Opening | Entry): Promise<void> {
    await writing(this.path, this.handle.appendFile(`${JSON.stringify(line)}\n`));
  }

  async #makeDurable(): Promise<void> {
    if (this.sync) await writing(this.path, this.handle.sync(), 'written to the disk');
  }
}

export interface JournalContents extends Omit<Opening, 'journal'> {
  /** Fills what is known of the finished chunks into a ledger. */
  readonly replay: (ledger: ChunkLedger) => void;
  /** Bytes up to the end of the last complete line. */
  readonly completeLength: number;
}

/** @returns null when there is no journal, or not even its first line. @throws JournalError */
export async function readJournal(path: string): Promise<JournalContents | null> {
  const text = (await readTextIfPresent(path, { maxBytes: maxTextBytes })) ?? '';
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  if (complete === '') return null;
  const [first, ...entries] = complete.trimEnd().split('\n');
  const opening = parse(path, first!);
  if (!isOpening(opening))
    throw new JournalError(
      `${path}: not a journal of version ${version}, but left by another version of Model Rebase. Remove its folder yourself, or choose another output.`,
    );
  return {
    identity: opening.identity,
    files: opening.files,
    completeLength: Buffer.byteLength(complete),
    replay: (ledger) => {
      for (const line of entries) replayEntry(path, ledger, parse(path, line));
    },
  };
}

function replayEntry(path: string, ledger: ChunkLedger, entry: unknown): void {
  if (!isEntry(entry) || entry.chunks.some((chunk) => chunk >= ledger.count))
    throw new JournalError(`${path}: damaged. Start again without resuming.`);
  ledger.note(entry.chunks, { hashes: Buffer.from(entry.hashes, 'hex'), rounding: decodeSums(entry.sums) });
}

function entryOf(chunks: readonly number[], ledger: ChunkLedger): Entry {
  const hashes = Buffer.alloc(chunks.length * hashByteLength);
  const sums = new Float64Array(chunks.length * sumsPerChunk);
  for (const [i, chunk] of chunks.entries()) {
    hashes.set(ledger.hashOf(chunk), i * hashByteLength);
    sums.set(ledger.sumsOf(chunk), i * sumsPerChunk);
  }
  return { chunks, hashes: hashes.toString('hex'), sums: Buffer.from(sums.buffer).toString('base64') };
}

function decodeSums(text: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
}

function parse(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new JournalError(`${path}: damaged. Start again without resuming.`);
  }
}

function isOpening(line: unknown): line is Opening {
  if (typeof line !== 'object' || line === null || !('journal' in line && 'identity' in line && 'files' in line)) return false;
  return line.journal === version && Array.isArray(line.files) && line.files.every((name) => typeof name === 'string');
}

function isEntry(line: unknown): line is Entry {
  if (typeof line !== 'object' || line === null || !('chunks' in line && 'hashes' in line && 'sums' in line)) return false;
  const { chunks, hashes, sums } = line;
  const isChunks = Array.isArray(chunks) && chunks.every((chunk) => Number.isSafeInteger(chunk) && Number(chunk) >= 0);
  if (!isChunks || typeof hashes !== 'string' || typeof sums !== 'string') return false;
  return hashes.length === chunks.length * 32 && Buffer.from(sums, 'base64').byteLength === chunks.length * sumsPerChunk * 8;
}
