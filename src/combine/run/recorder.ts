import { syncFile } from '../../base/syncFolder.js';
import type { ChunkLedger } from './chunkLedger.js';
import type { Journal } from './journal.js';

/** When syncing, so many bytes are written between two entries: a crash loses at most twice this much work. */
const syncInterval = 256 * 1024 * 1024;

/**
 * Brings finished chunks into the journal, behind the workers' backs: only when an entry is not done by the time the
 * next one is due does the caller wait. With syncing, the bytes are on the disk before the journal says so.
 */
export class Recorder {
  #pending: number[] = [];
  #pendingBytes = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly journal: Journal,
    private readonly ledger: ChunkLedger,
    private readonly paths: readonly string[],
    private readonly sync: boolean,
    private readonly onRecord: () => void,
  ) {}

  async note(chunks: readonly number[], byteLength: number): Promise<void> {
    this.#pending.push(...chunks);
    this.#pendingBytes += byteLength;
    if (!this.sync || this.#pendingBytes >= syncInterval) await this.#startEntry();
  }

  /** Resolves when everything noted is in the journal. */
  async flush(): Promise<void> {
    await this.#startEntry();
    await this.#last;
  }

  async #startEntry(): Promise<void> {
    await this.#last;
    const chunks = this.#pending;
    [this.#pending, this.#pendingBytes] = [[], 0];
    this.#last = chunks.length === 0 ? Promise.resolve() : this.#record(chunks);
    this.#last.catch(() => undefined); // reported by the next call, which always comes
  }

  async #record(chunks: readonly number[]): Promise<void> {
    if (this.sync) await Promise.all(this.paths.map(syncFile));
    await this.journal.record(chunks, this.ledger);
    this.onRecord();
  }
}
