import type { Finding } from './finding.js';
import { plural } from '../base/format.js';
import { shortList } from '../base/nameList.js';
import { isTwin, otherSets } from './addressesIn.js';
import { readFolder, type FolderReading } from './readFolder.js';
import { addressOfSet, isUsable, type WeightSet } from './weightSets.js';

/** What a user should know about which of a folder's files were opened, and which were not. */
export function weightsFindings(reading: FolderReading, set: WeightSet, address: string): Finding[] {
  const others = otherSets(reading, set);
  const rivals = [
    ...others.filter((other) => isRival(set, other)),
    ...twinsOf(reading, set).filter(({ format }) => format === 'safetensors'),
  ];
  return [
    ...staleIndices(reading, set),
    ...rivals.map((rival) => disagreement(reading, set, rival, address)),
    ...missingShards(reading, set),
    ...besideFindings(
      reading,
      set,
      others.filter((other) => !rivals.includes(other)),
      address,
    ),
  ];
}

const adapterSettings = 'adapter_config.json';

/** Whether every library that is given the folder loads these files and no others. */
export async function loadersOpen(folder: string, files: readonly string[]): Promise<boolean> {
  const reading = await readFolder(folder);
  const { choice, sets, components, listing } = reading;
  if (listing.files.includes(adapterSettings)) return false; // transformers would put the adapter on top
  if (components !== null || choice.kind !== 'one' || choice.set.kind === 'shards' || !sets.every(isUsable)) return false;
  const { set } = choice;
  const isExact = set.files.length === files.length && files.every((file) => set.files.includes(file));
  return isExact && !otherSets(reading, set).some((other) => isRival(set, other));
}

function staleIndices({ folder, sets }: FolderReading, set: WeightSet): Finding[] {
  return sets.flatMap(({ index }) => {
    if (index === null || index === set.index || (index.missing.length === 0 && !(index.reading instanceof Error))) return [];
    const flaw =
      index.reading instanceof Error
        ? 'cannot be read'
        : `names ${plural(index.missing.length, 'file')} that ${index.missing.length === 1 ? 'is' : 'are'} not there (${shortList(index.missing)}), so it is of another save`;
    const message = `${index.name} ${flaw}. ${shortList(set.files)} ${set.files.length === 1 ? 'is' : 'are'} opened without it; loaders that go by the index fail. Delete it, or save the model again.`;
    return [{ severity: 'warning', code: 'index-stale', message, file: `${folder}/${index.name}` }];
  });
}

/** The same model in other formats. */
function twinsOf({ sets }: FolderReading, set: WeightSet): readonly WeightSet[] {
  return sets.filter((other) => isUsable(other) && isTwin(set, other));
}

/** Whether loaders that are in use take the one or the other for the model. */
function isRival(set: WeightSet, other: WeightSet): boolean {
  return other.stem === set.stem && other.format === set.format && other.missing.length === 0;
}

function disagreement({ folder }: FolderReading, set: WeightSet, rival: WeightSet, address: string): Finding {
  const message = `Loaders disagree about this folder: ${openers(set, rival)}. Here ${what(set)} is opened; name ${addressOfSet(folder, address, rival)} for the other.`;
  return { severity: 'warning', code: 'loaders-disagree', message, file: folder };
}

function openers(set: WeightSet, rival: WeightSet): string {
  if (set.format !== rival.format) return `transformers opens ${what(set)}, vLLM and SGLang ${what(rival)}`;
  if (set.stem === 'diffusion_pytorch_model') return `diffusers opens ${what(set)}, others ${what(rival)}`;
  if (rival.kind === 'index') return `transformers opens ${what(set)}, vLLM, SGLang and diffusers ${what(rival)}`;
  if (set.kind === 'file') return `transformers opens ${what(set)}, mlx-lm, vLLM and SGLang also ${what(rival)}`;
  return `transformers opens ${what(set)}, mlx-lm also ${what(rival)}`;
}

function what({ kind, files, index }: WeightSet): string {
  if (kind === 'index') return `the shards of ${index!.name}`;
  return files.length === 1 ? files[0]! : `${files[0]!} … ${files.at(-1)!}`;
}

function missingShards({ folder }: FolderReading, { kind, files, missing }: WeightSet): Finding[] {
  if (kind !== 'shards') return [];
  const message = `The folder has no usable index; its ${plural(files.length, 'shard')} are read as one checkpoint.`;
  const unindexed: Finding = { severity: 'warning', code: 'index-missing', message, file: folder };
  if (missing.length === 0) return [unindexed];
  const absent = `Shards are missing: ${shortList(missing)}. Finish the download.`;
  return [unindexed, { severity: 'error', code: 'shard-missing', message: absent, file: folder }];
}

function besideFindings(reading: FolderReading, set: WeightSet, others: readonly WeightSet[], address: string): Finding[] {
  const { folder, listing } = reading;
  const twins = twinsOf(reading, set)
    .filter(({ format }) => format !== 'safetensors')
    .map((twin) => addressOfSet(folder, address, twin));
  const addresses = others.map((other) => addressOfSet(folder, address, other));
  const info = (code: string, message: string): Finding => ({ severity: 'info', code, message, file: folder });
  return [
    ...(addresses.length === 0 ? [] : [info('other-weights', `The folder also holds other checkpoints: ${shortList(addresses)}.`)]),
    ...(twins.length === 0
      ? []
      : [info('other-format', `Also there, but not opened, as transformers opens safetensors first: ${shortList(twins)}.`)]),
    ...adapterFindings(listing.files, set, info),
  ];
}

function adapterFindings(files: readonly string[], { stem }: WeightSet, info: (code: string, message: string) => Finding): Finding[] {
  if (stem !== 'model' || !files.includes(adapterSettings) || !files.includes('adapter_model.safetensors')) return [];
  return [
    info(
      'adapter-beside',
      'transformers puts the adapter of adapter_config.json on top of this model; here the model is opened without it.',
    ),
  ];
}
