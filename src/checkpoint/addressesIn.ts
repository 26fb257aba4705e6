import { join } from 'node:path';
import { isTrainingState } from './trainingState.js';
import type { FolderReading } from './readFolder.js';
import { addressOfSet, isUsable, type WeightSet } from './weightSets.js';
import { fileTitle, parseIndexName, parseWeightsName } from './weightsName.js';

/**
 * The addresses of everything in a folder that can be opened, subfolders left out: the folder's own first where opening it
 * opens one checkpoint, or says why the one that is there cannot be read. A file that is all there is of a model has its own.
 * @param address of the folder
 * @param taken paths of files that are shards of a checkpoint in a folder above
 */
export function addressesIn(reading: FolderReading, address: string, taken: ReadonlySet<string> = new Set()): readonly string[] {
  const { folder, choice } = reading;
  const isTaken = (set: WeightSet): boolean => set.files.length > 0 && set.files.every((file) => taken.has(join(folder, file)));
  const isOne = isOneCheckpoint(reading);
  const opened = isOne && choice.kind === 'one' ? choice.set : null;
  const addressOf = (set: WeightSet): string => addressOfSet(folder, address, set);
  const own = address === folder && isByItself(reading, opened) ? addressOf(opened) : address;
  const others = otherSets(reading, opened).filter((set) => !isTaken(set));
  return [...(isOne && (opened === null || !isTaken(opened)) ? [own] : []), ...others.map(addressOf)];
}

/** Paths of the shards in subfolders that an index of this folder names. */
export function shardsBelow({ folder, sets }: FolderReading): readonly string[] {
  const nested = sets.filter(isUsable).flatMap(({ files }) => files.filter((file) => file.includes('/')));
  return nested.map((file) => join(folder, file));
}

/**
 * What else in the folder can be opened, besides what opening the folder opens: not the same model in another format, and two indices of
 * the same files are one of these.
 */
export function otherSets({ sets }: FolderReading, opened: WeightSet | null): readonly WeightSet[] {
  const seen = new Set(opened === null ? [] : [opened.files.join('\n')]);
  return sets.filter((set) => {
    const files = set.files.join('\n');
    if (set === opened || !isUsable(set) || isTrainingState(set.stem) || seen.has(files) || (opened !== null && isTwin(opened, set)))
      return false;
    seen.add(files);
    return true;
  });
}

/** Whether a set is, by its name, the same model in another format: `pytorch_model.bin` beside `model.safetensors`. */
export function isTwin(opened: WeightSet, { stem, format, files, missing }: WeightSet): boolean {
  if (format === opened.format || modelStem(stem) !== modelStem(opened.stem)) return false;
  return missing.length === 0 && files.every((file) => parseWeightsName(file)?.format === format);
}

function modelStem(stem: string): string {
  return stem.replace(/^pytorch_model\b/, 'model');
}

/** What belongs to a model besides its weights; the last of them to what this tool writes. */
const companion = /^(?:config|generation_config|adapter_config|params|tokenizer.*|special_tokens_map|model-rebase)\.json$/;

/** Whether the file's name says more than that of the folder, in which it lies by chance. */
function isByItself({ listing }: FolderReading, opened: WeightSet | null): opened is WeightSet {
  if (opened?.kind !== 'file' || fileTitle(opened.files[0] ?? '')?.isCommon !== false) return false;
  return !listing.files.some((name) => companion.test(name));
}

function isOneCheckpoint({ choice, components, listing }: FolderReading): boolean {
  if (components !== null || choice.kind === 'several') return false;
  return choice.kind !== 'none' || listing.others.some(isOfWeights);
}

/** Whether a name is that of weights or of their index; what is so called may still be a link that leads nowhere. */
export function isOfWeights(name: string): boolean {
  return parseWeightsName(name) !== null || parseIndexName(name) !== null;
}
