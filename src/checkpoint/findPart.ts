import { chooseVariant } from './chooseWeights.js';
import { globMatcher } from './folderPattern.js';
import type { FolderReading } from './readFolder.js';
import type { WeightSet } from './weightSets.js';
import { parseWeightsName } from './weightsName.js';

/**
 * The set that `FOLDER#PART` means: by what it is called, by a file's name with or without its ending, by a variant
 * (`fp16` is `model.fp16`), or by a pattern of files (`*`), which are then read as one. Null where none or several fit.
 */
export function findPart({ sets, listing }: FolderReading, part: string): WeightSet | null {
  if (part.includes('*')) return matchFiles(listing.files, part);
  const ways: ((set: WeightSet) => boolean)[] = [
    (set) => set.part === part,
    ({ files, index }) => index?.name === part || (index === null && files.length === 1 && files[0] === part),
    ({ stem }) => stem === part,
    ({ stem }) => stem.endsWith(`.${part}`),
  ];
  for (const fits of ways) {
    const choice = chooseVariant(sets.filter(fits));
    if (choice.kind === 'one' || choice.kind === 'unusable') return choice.set;
    if (choice.kind === 'several') return null;
  }
  return null;
}

function matchFiles(files: readonly string[], pattern: string): WeightSet | null {
  const fits = globMatcher(pattern);
  const matching = files.filter((name) => parseWeightsName(name) !== null && fits(name));
  const [format] = matching.map((name) => parseWeightsName(name)!.format);
  return format === undefined ? null : { kind: 'shards', stem: pattern, format, part: pattern, files: matching, missing: [], index: null };
}
