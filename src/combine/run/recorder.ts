import { inParallel } from '../../base/inParallel.js';
import { syncFile } from '../../base/syncFolder.js';
import type { ChunkLedger } from './chunkLedger.js';
import type { SentTask } from './chunks.js';
import type { Journal } from './journal.js';

/** Work between two entries: a crash loses at most twice as much. Chunks of tiny tensors count by their number. */
interface Interval {
  readonly bytes: number;
  readonly chunks: number;
}

const synced: Interval = { bytes: 256 * 1024 * 1024, chunks: 64 * 1024 };
const unsynced: Interval = { bytes: 2 * 1024 * 1024, chunks: 4096 };

/**
 * Brings finished chunks into the journal, behind the workers' backs: only when an entry is not done by the time the
 * next one is due does the caller wait. With syncing, the bytes are on the disk before the journal says so.
 */
export class Recorder {
  #pending: number[] = [];
  #pendingBytes = 0;
  #pendingFiles = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly journal: Journal,
    private readonly ledger: ChunkLedger,
    private readonly sync: boolean,
    private readonly onRecord: () => void,
  ) {}

  async note({ numbers, byteLength, files }: SentTask): Promise<void> {
    for (const number of numbers) this.#pending.push(number);
    for (const path of files) this.#pendingFiles.add(path);
    this.#pendingBytes += byteLength;
    const { bytes, chunks } = this.sync ? synced : unsynced;
    if (this.#pendingBytes >= bytes || this.#pending.length >= chunks) await this.#startEntry();
  }

  /** Resolves when everything noted is in the journal. */
  async flush(): Promise<void> {
    await this.#startEntry();
    await this.#last;
  }

  async #startEntry(): Promise<void> {
    await this.#last;
    const [chunks, files] = [this.#pending, [...this.#pendingFiles]];
    [this.#pending, this.#pendingBytes, this.#pendingFiles] = [[], 0, new Set()];
    this.#last = chunks.length === 0 ? Promise.resolve() : this.#record(chunks, files);
    this.#last.catch(() => undefined); // reported by the next call, which always comes
  }

  async #record(chunks: readonly number[], files: readonly string[]): Promise<void> {
    if (this.sync) await inParallel(files, syncFile);
    await this.journal.record(chunks, this.ledger);
    this.onRecord();
  }
}
