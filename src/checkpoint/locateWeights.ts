import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toAccessError } from '../base/fileAccess.js';
import { addressOfPart, parseAddress } from './address.js';
import { addressesIn } from './addressesIn.js';
import { CompanionReader } from './companionReader.js';
import type { Finding } from './finding.js';
import { describeUnusable, noSuchPart, notOneCheckpoint, notWeights, noWeights } from './locateErrors.js';
import { findPart } from './findPart.js';
import { enterFolders, type Place } from './enterFolders.js';
import { readFolder, readIndex, type FolderReading } from './readFolder.js';
import type { ShardIndex } from './shardIndex.js';
import { indexSet, isUsable, type WeightSet } from './weightSets.js';
import { weightsFindings } from './weightsFindings.js';
import { parseIndexName, parseWeightsName } from './weightsName.js';

/** The files that make up one checkpoint. */
export interface LocatedWeights {
  /** Opens the same again: what was asked for, with a revision in a cache pinned to its commit. */
  readonly address: string;
  /** Holds the files, and what describes the model beside them. */
  readonly folder: string;
  /** Names within the folder, with `/` between folders, in order. */
  readonly files: readonly string[];
  readonly index: ShardIndex | null;
  /** Whether the files are those of one distributed checkpoint, and not files that each can be opened. */
  readonly isDistributed: boolean;
  /** Which of several dictionaries of tensors in a file is meant (`FILE#ema`); null for all others. */
  readonly part: string | null;
  readonly findings: readonly Finding[];
}

/**
 * Finds the weights at an address: a file itself, the shards of an index, or what loaders would open of a folder.
 * @param companions for callers that read files beside the weights themselves
 * @throws FileAccessError when there is nothing to open or nothing says what is meant, FormatError when an index is broken.
 */
export async function locateWeights(text: string, companions = new CompanionReader()): Promise<LocatedWeights> {
  const { path, parts } = parseAddress(text);
  const stats = await stat(path).catch((error: unknown) => {
    throw toAccessError(path, error);
  });
  if (!stats.isDirectory()) return locateFile(path, parts);
  const place = await enterFolders(path, parts);
  const reading = await readFolder(place.folder, companions);
  return place.part === null ? locateInFolder(place, reading) : locatePart(place, place.part, reading);
}

async function locateFile(path: string, parts: readonly string[]): Promise<LocatedWeights> {
  const [folder, name] = [dirname(path), basename(path)];
  const part = parts.length === 0 ? null : parts.join('.');
  if (part !== null && parseWeightsName(name)?.format !== 'pytorch') throw noSuchPart(path, parts.join('#'), []);
  if (name.endsWith('.json')) return located(await indexAt(folder, name), folder, path, []);
  const address = parts.reduce(addressOfPart, path);
  return { address, folder, files: [name], index: null, isDistributed: false, part, findings: shardFindings(path, folder) };
}

async function indexAt(folder: string, name: string): Promise<WeightSet> {
  const set = indexSet(await readIndex(folder, name));
  if (isUsable(set)) return set;
  throw parseIndexName(name) === null && set.missing.length === 0
    ? notWeights(join(folder, name), folder)
    : describeUnusable(set, folder, []);
}

function shardFindings(file: string, folder: string): Finding[] {
  const count = parseWeightsName(basename(file))?.shard?.count ?? 1;
  if (count === 1) return [];
  const message = `This is one shard of ${count}. Name ${folder} for the whole checkpoint.`;
  return [{ severity: 'warning', code: 'one-shard', message, file }];
}

async function locateInFolder({ folder, address }: Place, reading: FolderReading): Promise<LocatedWeights> {
  const { choice, components } = reading;
  if (components !== null) throw notOneCheckpoint(reading, addressesIn(reading, address), address);
  switch (choice.kind) {
    case 'one':
      return located(choice.set, folder, address, weightsFindings(reading, choice.set, address));
    case 'several':
      throw notOneCheckpoint(reading, addressesIn(reading, address), address);
    case 'unusable':
      throw describeUnusable(choice.set, folder, addressesIn(reading, address).slice(1));
    case 'none':
      throw await noWeights(reading);
    default:
      return choice satisfies never;
  }
}

function locatePart({ folder, address }: Place, part: string, reading: FolderReading): LocatedWeights {
  const set = findPart(reading, part);
  if (set === null && reading.components !== null) throw notOneCheckpoint(reading, addressesIn(reading, address), address);
  if (set === null) throw noSuchPart(address, part, addressesIn(reading, address));
  if (!isUsable(set)) throw describeUnusable(set, folder, []);
  return located(set, folder, addressOfPart(address, part), []);
}

function located({ kind, files, index }: WeightSet, folder: string, address: string, findings: readonly Finding[]): LocatedWeights {
  const reading = index?.reading ?? null;
  if (reading instanceof Error) throw reading;
  return { address, folder, files, index: reading, isDistributed: kind === 'distributed', part: null, findings };
}
