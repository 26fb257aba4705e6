import { join } from 'node:path';
import { isTrainingState } from './chooseWeights.js';
import type { FolderReading } from './readFolder.js';
import { addressOfSet, isUsable, type WeightSet } from './weightSets.js';
import { parseIndexName, parseWeightsName } from './weightsName.js';

/**
 * The addresses of everything in a folder that can be opened, subfolders left out: the folder's own first where opening it
 * opens one checkpoint, or says why the one that is there cannot be read.
 * @param address of the folder
 * @param taken paths of files that are shards of a checkpoint in a folder above
 */
export function addressesIn(reading: FolderReading, address: string, taken: ReadonlySet<string> = new Set()): readonly string[] {
  const { folder, choice } = reading;
  const isTaken = (set: WeightSet): boolean => set.files.length > 0 && set.files.every((file) => taken.has(join(folder, file)));
  const isOne = isOneCheckpoint(reading);
  const opened = isOne && choice.kind === 'one' ? choice.set : null;
  const own = isOne && (opened === null || !isTaken(opened)) ? [address] : [];
  const others = otherSets(reading, opened).filter((set) => !isTaken(set));
  return [...own, ...others.map((set) => addressOfSet(folder, address, set))];
}

/** Paths of the shards in subfolders that an index of this folder names. */
export function shardsBelow({ folder, sets }: FolderReading): readonly string[] {
  const nested = sets.filter(isUsable).flatMap(({ files }) => files.filter((file) => file.includes('/')));
  return nested.map((file) => join(folder, file));
}

/** What else in the folder can be opened, besides what opening the folder opens. */
export function otherSets({ sets }: FolderReading, opened: WeightSet | null): readonly WeightSet[] {
  return sets.filter((set) => set !== opened && isUsable(set) && !isTrainingState(set));
}

function isOneCheckpoint({ choice, components, listing }: FolderReading): boolean {
  if (components !== null || choice.kind === 'several') return false;
  return choice.kind !== 'none' || listing.others.some(isOfWeights);
}

/** Whether a name is that of weights or of their index; what is so called may still be a link that leads nowhere. */
export function isOfWeights(name: string): boolean {
  return parseWeightsName(name) !== null || parseIndexName(name) !== null;
}
