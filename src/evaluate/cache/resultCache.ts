import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { type Finding } from '../../checkpoint/index.js';
import { entryPath, removeOldest, temporaryPath, totalBytes } from './cacheFolder.js';
import { decodeEntry, encodeEntry } from './entryFile.js';
import { isMissing, problemOf } from '../../base/fileAccess.js';
import { makeFolder } from '../../base/makeFolder.js';
import { maxTextBytes, readBytes } from '../../base/readFile.js';

const defaultMostBytes = 512 * 1024 * 1024;
/** What is left when room is made, so that not every result after that makes room again. */
const shareKept = 0.9;

/**
 * Results on disk, one file each, under the SHA-256 of everything they depend on. Several processes may share a folder: a
 * file appears whole or not at all, and one that is damaged counts as absent. A cache never fails its user: a folder that
 * cannot be read or written costs a warning, and results are computed again.
 */
export class ResultCache {
  #finding: Finding | null = null;
  /** Bytes of all results, as far as this process knows; null before it has looked. */
  #totalBytes: number | null = null;

  constructor(
    private readonly folder: string,
    private readonly mostBytes = defaultMostBytes,
  ) {}

  /** What went wrong so far: at most one warning. */
  get findings(): readonly Finding[] {
    return this.#finding === null ? [] : [this.#finding];
  }

  /** The result under a key of `resultKey`; null where there is none. */
  async get(key: string): Promise<Float64Array[] | null> {
    const path = this.#pathOf(key);
    const bytes = await readBytes(path, { maxBytes: maxTextBytes }).catch((error: unknown) => this.#noteUnlessMissing('read', error));
    const values = bytes === null ? null : decodeEntry(key, bytes);
    if (values !== null) await markUsed(path);
    return values;
  }

  /** Keeps a result. Does nothing once the folder could not be written. */
  async put(key: string, values: readonly Float64Array[]): Promise<void> {
    const path = this.#pathOf(key);
    if (this.#finding !== null) return;
    try {
      await this.#write(path, key, encodeEntry(key, values));
    } catch (error) {
      this.#note('written', error);
    }
  }

  /** Forgets a result, if there is one. */
  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
    this.#totalBytes = null;
  }

  /** Removes all results. Other files in the folder stay. */
  async clear(): Promise<void> {
    this.#totalBytes = await removeOldest(this.folder, 0);
  }

  async #write(path: string, key: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(this.folder);
    this.#totalBytes ??= await totalBytes(this.folder);
    const temporary = temporaryPath(this.folder, key);
    try {
      await writeFile(temporary, bytes, { flag: 'wx' });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.#totalBytes += bytes.byteLength;
    if (this.#totalBytes > this.mostBytes) this.#totalBytes = await removeOldest(this.folder, shareKept * this.mostBytes);
  }

  #pathOf(key: string): string {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new RangeError(`internal: ${key} is no key of a result`);
    return entryPath(this.folder, key);
  }

  #noteUnlessMissing(what: 'read', error: unknown): null {
    if (!isMissing(error)) this.#note(what, error);
    return null;
  }

  #note(what: 'read' | 'written', error: unknown): void {
    const reason = problemOf(error, what === 'read' ? 'reading' : 'writing');
    const message = `Results cannot be ${what} in ${this.folder} (${reason}), so they will be computed again next time. Name a folder that has room and that you may write to.`;
    this.#finding ??= { severity: 'warning', code: 'cache-unusable', message, file: this.folder };
  }
}

/** The order of use decides only what is removed first: where it cannot be noted, the time of writing counts. */
async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}
