import { join } from 'node:path';
import type { FormatError, FileAccessError } from '../base/formatError.js';
import type { FormatId } from './formats/index.js';
import type { FolderListing } from './listFolder.js';
import type { ShardIndex } from './shardIndex.js';
import { addressOfPart } from './address.js';
import { groupBy } from '../base/groupBy.js';
import { parseWeightsName, type ShardName } from './weightsName.js';

/** Files of one folder that are one checkpoint: by their names, or because an index says so. */
export interface WeightSet {
  readonly kind: 'file' | 'shards' | 'index' | 'distributed';
  readonly stem: string;
  readonly format: FormatId;
  /** What `FOLDER#PART` calls it. No other set of the folder is called so. */
  readonly part: string;
  /** Names within the folder, with `/` between folders, in order. */
  readonly files: readonly string[];
  /** Files that belong to it and are not there; the first hundred of shards without an index. */
  readonly missing: readonly string[];
  readonly index: IndexReading | null;
}

/** An index file and what it says, or why it cannot be used. */
export interface IndexReading {
  /** Name of the index within its folder. */
  readonly name: string;
  readonly stem: string;
  readonly format: FormatId;
  readonly reading: ShardIndex | FormatError | FileAccessError;
  /** Shards it names that are there, and that are not. */
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** Whether loaders get something whole out of a set. Without an index, missing shards are a finding: what is there can be read. */
export function isUsable({ kind, missing, index }: WeightSet): boolean {
  return kind === 'shards' || (missing.length === 0 && !(index?.reading instanceof Error));
}

/**
 * Groups the files of a folder into checkpoints. Files that an index names are its; every other file of weights is in exactly one set.
 * A single file that is there and holds nothing, such as a link to what was not downloaded, is a set that misses it.
 * @param elsewhere sets of other files
 */
export function groupWeights(
  { files, others }: Pick<FolderListing, 'files' | 'others'>,
  indices: readonly IndexReading[],
  elsewhere: readonly WeightSet[],
): readonly WeightSet[] {
  const indexed = indices.map(indexSet);
  const covered = indexed.filter(isUsable).map((set) => new Set(set.files));
  const byName = [...fileSets(files), ...shardSets(files)].filter(
    (set) => !covered.some((names) => set.files.every((name) => names.has(name))),
  );
  const dead = fileSets(others).map((set) => ({ ...set, files: [], missing: set.files }));
  return withUniqueParts([...indexed, ...byName, ...dead, ...elsewhere]);
}

/** What an index describes. */
export function indexSet(index: IndexReading): WeightSet {
  return { kind: 'index', stem: index.stem, format: index.format, part: index.stem, files: index.present, missing: index.missing, index };
}

function fileSets(files: readonly string[]): WeightSet[] {
  return files.flatMap((name) => {
    const parsed = parseWeightsName(name);
    if (parsed === null || parsed.shard !== null) return [];
    const { stem, format } = parsed;
    return [{ kind: 'file', stem, format, part: stem, files: [name], missing: [], index: null }];
  });
}

/** Shards whose names differ in their number only; two counts are two saves. */
function shardSets(files: readonly string[]): WeightSet[] {
  const sets = groupBy(
    files.filter((name) => parseWeightsName(name)?.shard != null),
    (name) => shardOf(name).glob,
  );
  return [...sets.values()].map((names) => shardSet(names));
}

/** @param name of a shard */
function shardOf(name: string): ShardName {
  return parseWeightsName(name)!.shard!;
}

/** More than a message names; a file's name may ask for any number of others. */
const maxMissing = 100;

function shardSet(names: readonly string[]): WeightSet {
  const { stem, format } = parseWeightsName(names[0]!)!;
  const { count, pattern } = shardOf(names[0]!);
  const present = new Set(names.map((name) => shardOf(name).number));
  const first = present.has(0) ? 0 : 1;
  const missing: string[] = [];
  for (let number = first; number < first + count && missing.length < maxMissing; number++)
    if (!present.has(number)) missing.push(pattern(number));
  return { kind: 'shards', stem, format, part: stem === '' ? `of-${count}` : stem, files: names, missing, index: null };
}

/** The address of one set of a folder: its file or index where there is one, else a part of the folder's address. */
export function addressOfSet(folder: string, address: string, { kind, part, files, index }: WeightSet): string {
  switch (kind) {
    case 'file':
      return join(folder, files[0]!);
    case 'index':
      return join(folder, index!.name);
    case 'shards':
    case 'distributed':
      return addressOfPart(address, part);
    default:
      return kind satisfies never;
  }
}

/** Files of a folder, or of one below it, that torch.distributed.checkpoint wrote. @param prefix of their names in the folder */
export function distributedSet(files: readonly string[], prefix = ''): WeightSet | null {
  if (!files.includes('.metadata')) return null;
  const parts = files.filter((name) => name === '.metadata' || name.endsWith('.distcp')).map((name) => prefix + name);
  return { kind: 'distributed', stem: '', format: 'distributed', part: 'distributed', files: parts, missing: [], index: null };
}

/** Sets that share a stem are told apart by what they are, shards of one count by a pattern of their names. */
function withUniqueParts(sets: readonly WeightSet[]): readonly WeightSet[] {
  return renameAlike(renameAlike(sets, longPart), patternPart);
}

function renameAlike(sets: readonly WeightSet[], rename: (set: WeightSet) => string): WeightSet[] {
  const alike = groupBy(sets, ({ part }) => part);
  return sets.map((set) => (alike.get(set.part)!.length === 1 ? set : { ...set, part: rename(set) }));
}

function longPart({ kind, stem, files, index }: WeightSet): string {
  switch (kind) {
    case 'file':
      return files[0]!;
    case 'index':
      return index!.name;
    case 'shards':
      return `${stem}-of-${shardOf(files[0]!).count}`;
    case 'distributed':
      return files[0]!;
    default:
      return kind satisfies never;
  }
}

function patternPart(set: WeightSet): string {
  return set.kind === 'shards' ? shardOf(set.files[0]!).glob : longPart(set);
}
