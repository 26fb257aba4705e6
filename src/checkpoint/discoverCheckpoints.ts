import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toAccessError } from '../base/fileAccess.js';
import { partialPath } from '../base/ownership/occupant.js';
import { addressOfPart } from './address.js';
import { addressesIn, shardsBelow } from './addressesIn.js';
import type { Finding } from './finding.js';
import { folderMatcher } from './folderPattern.js';
import { readFolder } from './readFolder.js';

export interface DiscoverOptions {
  /** Names or glob patterns (`**`, `*`, `?`) of folders not to enter, beside those that never hold models. */
  readonly exclude?: readonly string[] | undefined;
  /** Folders below the first; 0 looks only there. Default 8. */
  readonly maximumDepth?: number | undefined;
  /** Default 1000. */
  readonly maximumCount?: number | undefined;
}

/** What lies below a folder. */
export interface Discovery {
  /** Addresses that `openCheckpoint` takes, nearest first, then in natural order of their folders. */
  readonly paths: readonly string[];
  /** Folders of outputs in the making, which are not searched. */
  readonly partials: readonly string[];
  /** What was not searched: limits that were reached, folders that cannot be read. */
  readonly findings: readonly Finding[];
}

const neverModels = ['node_modules', '.git', `*${partialPath('')}`];
const defaultDepth = 8;
const defaultCount = 1000;
/** Keeps a search below `/` or a data lake from running on. */
const mostFolders = 50_000;

/** A folder to be searched, and the address of what it holds: a pipeline's component is a part of the pipeline. */
interface Place {
  readonly folder: string;
  readonly address: string;
}

/**
 * Finds checkpoints below a folder without opening them; what a folder holds is decided as when it is opened. Links to folders are followed, each folder is visited once.
 * @throws FileAccessError when the folder itself cannot be read; a subfolder that cannot gives a finding.
 */
export async function discoverCheckpoints(folder: string, options: DiscoverOptions = {}, signal?: AbortSignal): Promise<Discovery> {
  const search = new Search(resolve(folder), options);
  await search.run(signal);
  return { paths: search.paths, partials: search.partials, findings: search.findings() };
}

class Search {
  readonly paths: string[] = [];
  readonly partials: string[] = [];
  private readonly visited = new Set<string>();
  private readonly unreadable: string[] = [];
  /** Shards of checkpoints in folders above. */
  private readonly taken = new Set<string>();
  private readonly isExcluded: (path: string) => boolean;
  private readonly maximumDepth: number;
  private readonly maximumCount: number;
  private tooDeep = 0;
  private unknownFiles = 0;
  private isCut = false;

  constructor(
    private readonly root: string,
    options: DiscoverOptions,
  ) {
    this.isExcluded = folderMatcher(root, [...neverModels, ...(options.exclude ?? [])]);
    this.maximumDepth = options.maximumDepth ?? defaultDepth;
    this.maximumCount = options.maximumCount ?? defaultCount;
  }

  async run(signal?: AbortSignal): Promise<void> {
    let level: readonly Place[] = [{ folder: this.root, address: this.root }];
    for (let depth = 0; level.length > 0; depth++) {
      const next: Place[] = [];
      for (const place of level) {
        signal?.throwIfAborted();
        for (const inner of await this.visit(place)) next.push(inner);
        if (this.isFull()) return;
      }
      if (depth === this.maximumDepth) this.tooDeep = next.length;
      level = depth === this.maximumDepth ? [] : next;
    }
  }

  findings(): readonly Finding[] {
    const { root: file, unreadable } = this;
    const all: Finding[] = [];
    const add = (code: string, message: string): number => all.push({ severity: 'warning', code, message, file });
    if (this.isCut)
      add(
        'discovery-cut',
        `Only the first ${this.paths.length} checkpoints of ${file} are listed, ${this.visited.size} folders were searched. Open a folder further down.`,
      );
    if (this.tooDeep > 0)
      add('discovery-depth', `${this.tooDeep} folders more than ${this.maximumDepth} levels below ${file} were not searched.`);
    if (this.unknownFiles > 0)
      add(
        'discovery-unknown-files',
        `${this.unknownFiles} files that end like PyTorch weights lie in folders of hundreds of them and were not looked into: name one to open it.`,
      );
    if (unreadable.length > 0)
      add(
        'discovery-unreadable',
        `Folders that cannot be read were left out: ${unreadable.slice(0, 3).join(', ')}${unreadable.length > 3 ? ` and ${unreadable.length - 3} more` : ''}.`,
      );
    return all;
  }

  /** Adds the folder's checkpoints and returns its subfolders. */
  private async visit({ folder, address }: Place): Promise<readonly Place[]> {
    try {
      if (!(await this.isNew(folder))) return [];
      const reading = await readFolder(folder);
      const found = addressesIn(reading, address, this.taken);
      this.unknownFiles += reading.unknownFiles;
      for (const shard of shardsBelow(reading)) this.taken.add(shard);
      this.isCut ||= this.paths.length + found.length > this.maximumCount;
      for (const path of found.slice(0, this.maximumCount - this.paths.length)) this.paths.push(path);
      for (const name of reading.listing.folders) if (name.endsWith(partialPath(''))) this.partials.push(join(folder, name));
      const isPart = (name: string): boolean => reading.components?.includes(name) === true;
      return reading.listing.folders
        .map((name) => ({ folder: join(folder, name), address: isPart(name) ? addressOfPart(address, name) : join(folder, name) }))
        .filter((inner) => !this.isExcluded(inner.folder));
    } catch (error) {
      if (folder === this.root) throw toAccessError(folder, error);
      this.unreadable.push(folder);
      return [];
    }
  }

  private async isNew(folder: string): Promise<boolean> {
    const { dev, ino } = await stat(folder, { bigint: true });
    const identity = `${dev}:${ino}`;
    if (this.visited.has(identity)) return false;
    this.visited.add(identity);
    return true;
  }

  private isFull(): boolean {
    this.isCut ||= this.visited.size >= mostFolders;
    return this.isCut;
  }
}
