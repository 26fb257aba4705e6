import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toAccessError } from '../base/fileAccess.js';
import { inNaturalOrder } from '../base/naturalOrder.js';
import type { Finding } from './finding.js';
import { folderMatcher } from './folderPattern.js';
import { indexSuffix, numberedShard, standardFile, standardIndex, weightsSuffix } from './locateWeights.js';

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
  /** Files and folders that `openCheckpoint` takes, nearest first, then in natural order of their names. */
  readonly paths: readonly string[];
  /** What was not searched: limits that were reached, folders that cannot be read. */
  readonly findings: readonly Finding[];
}

const neverModels = ['node_modules', '.git', '*.partial'];
const defaultDepth = 8;
const defaultCount = 1000;
/** Keeps a search below `/` or a data lake from running on. */
const mostFolders = 50_000;

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Finds checkpoints below a folder without opening them. Links to folders are followed, each folder is visited once.
 * @throws FileAccessError when the folder itself cannot be read; a subfolder that cannot gives a finding.
 */
export async function discoverCheckpoints(folder: string, options: DiscoverOptions = {}, signal?: AbortSignal): Promise<Discovery> {
  const search = new Search(resolve(folder), options);
  await search.run(signal);
  return { paths: search.paths, findings: search.findings() };
}

class Search {
  readonly paths: string[] = [];
  private readonly visited = new Set<string>();
  private readonly unreadable: string[] = [];
  private readonly isExcluded: (path: string) => boolean;
  private readonly maximumDepth: number;
  private readonly maximumCount: number;
  private tooDeep = 0;
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
    let level = [this.root];
    for (let depth = 0; level.length > 0; depth++) {
      const next: string[] = [];
      for (const folder of level) {
        signal?.throwIfAborted();
        for (const subfolder of await this.visit(folder)) next.push(subfolder);
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
    if (unreadable.length > 0)
      add(
        'discovery-unreadable',
        `Folders that cannot be read were left out: ${unreadable.slice(0, 3).join(', ')}${unreadable.length > 3 ? ` and ${unreadable.length - 3} more` : ''}.`,
      );
    return all;
  }

  /** Adds the folder's checkpoints and returns its subfolders. */
  private async visit(folder: string): Promise<readonly string[]> {
    try {
      if (!(await this.isNew(folder))) return [];
      const { files, folders } = await list(folder);
      const found = checkpointsAmong(folder, files);
      this.isCut ||= this.paths.length + found.length > this.maximumCount;
      for (const path of found.slice(0, this.maximumCount - this.paths.length)) this.paths.push(path);
      return folders.map((name) => join(folder, name)).filter((path) => !this.isExcluded(path));
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

async function list(folder: string): Promise<Listing> {
  const entries = inNaturalOrder(await readdir(folder, { withFileTypes: true }), ({ name }) => name);
  const kinds = await Promise.all(entries.map((entry) => isFolder(folder, entry)));
  const names = (wanted: boolean): string[] => entries.filter((_, index) => kinds[index] === wanted).map(({ name }) => name);
  return { files: names(false), folders: names(true) };
}

/** A link that leads nowhere counts as a file: opening it says what is wrong. */
async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(join(folder, entry.name)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** A folder with one index, one model file or one set of shards is a checkpoint; other files are one each. */
function checkpointsAmong(folder: string, files: readonly string[]): readonly string[] {
  const indices = files.filter((name) => name.endsWith(indexSuffix));
  if (indices.includes(standardIndex) || indices.length === 1) return [folder];
  if (indices.length > 1) return indices.map((name) => join(folder, name));
  const weights = files.filter((name) => name.endsWith(weightsSuffix));
  if (weights.length === 1 || isOneSet(weights)) return [folder];
  const inFolder = (name: string): string => (name === standardFile ? folder : join(folder, name));
  return weights.map(inFolder);
}

function isOneSet(files: readonly string[]): boolean {
  const sets = new Set(files.map((name) => numberedShard.exec(name)).map((match) => (match === null ? null : `${match[1]}/${match[3]}`)));
  return sets.size === 1 && !sets.has(null);
}
