import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { ifPresent } from '../base/fileAccess.js';
import { parseJsonObject, type JsonObject } from '../base/json/readJson.js';
import { maxSettingsBytes, maxTextBytes, readBytesIfPresent } from '../base/readFile.js';
import { listFolder, type FolderListing } from './listFolder.js';

/** What grows with the vocabulary. Everything else beside the weights is small. */
const vocabularyFile = /^(?:tokenizer|tekken|vocab)\.json$|^(?:vocab|merges)\.txt$|\.(?:model|tiktoken)$/;

/**
 * Reads companions, the files beside the weights, and each only once: what is decided from one and what is written of it
 * go back to the same bytes, even when the file changes or fails meanwhile. Lives as long as one plan is made.
 */
export class CompanionReader {
  readonly #files = new Map<string, Promise<Buffer | null>>();
  readonly #hashes = new Map<string, string>();
  readonly #folders = new Map<string, Promise<FolderListing>>();
  readonly #lowerNames = new Map<string, Promise<ReadonlySet<string> | null>>();

  constructor(private readonly signal?: AbortSignal) {}

  /** The bytes of a file; null where there is none. @throws FileAccessError when it is there and cannot be read */
  bytes(path: string): Promise<Buffer | null> {
    const maxBytes = vocabularyFile.test(basename(path)) ? maxTextBytes : maxSettingsBytes;
    return remembered(this.#files, path, async () =>
      (await this.#isListed(path)) ? readBytesIfPresent(path, { maxBytes, signal: this.signal }) : null,
    );
  }

  /** As `bytes`, decoded as UTF-8. */
  async text(path: string): Promise<string | null> {
    return (await this.bytes(path))?.toString('utf8') ?? null;
  }

  /** The object that a JSON file holds; null where there is none. @throws as `bytes`, or FormatError when it holds something else */
  async object(path: string): Promise<JsonObject | null> {
    const bytes = await this.bytes(path);
    return bytes === null ? null : parseJsonObject(path, bytes);
  }

  /** SHA-256 of a file that was read, hexadecimal. */
  sha256(path: string, bytes: Buffer): string {
    const hash = this.#hashes.get(path) ?? createHash('sha256').update(bytes).digest('hex');
    this.#hashes.set(path, hash);
    return hash;
  }

  /**
   * Whether a folder may hold a file: most names that are asked for are in no folder, and one listing tells it of all. Letters in
   * either case count, since some file systems take them for the same, and so does every file of a folder that cannot be listed.
   */
  async #isListed(path: string): Promise<boolean> {
    const names = await remembered(this.#lowerNames, dirname(path), async () => {
      const listing = await this.#list(dirname(path)).catch(() => null);
      return listing && new Set((Object.values(listing) as string[][]).flatMap((names) => names.map((name) => name.toLowerCase())));
    });
    return names === null || names.has(basename(path).toLowerCase());
  }

  /** Names of all files in a folder, links included, in byte order. @throws FileAccessError */
  async names(folder: string): Promise<readonly string[]> {
    const { files, others } = await this.#list(folder);
    return [...files, ...others].sort();
  }

  /** As `names`; none where there is no such folder. @throws FileAccessError when it is there and cannot be listed */
  async namesIfPresent(folder: string): Promise<readonly string[]> {
    return (await ifPresent(this.names(folder))) ?? [];
  }

  #list(folder: string): Promise<FolderListing> {
    return remembered(this.#folders, folder, () => listFolder(folder));
  }
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? read();
  known.set(key, value);
  return value;
}
