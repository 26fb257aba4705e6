import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileAccessError, FormatError } from '../base/formatError.js';
import { inParallel } from '../base/inParallel.js';
import type { JsonObject } from '../base/json/readJson.js';
import { readText } from '../base/readFile.js';
import { chooseWeights, type Choice } from './chooseWeights.js';
import { CompanionReader } from './companionReader.js';
import { listFolder, type FolderListing } from './listFolder.js';
import { isInnerPath, parseShardIndex } from './shardIndex.js';
import { groupWeights, indexSet, type IndexReading, type WeightSet } from './weightSets.js';
import { parseIndexName } from './weightsName.js';

/** What a folder holds, as far as names, indices and two small files say. Discovery and opening both go by it. */
export interface FolderReading {
  readonly folder: string;
  readonly listing: FolderListing;
  readonly sets: readonly WeightSet[];
  readonly choice: Choice;
  /** Subfolders that are models of a diffusers pipeline; null for folders that are none. */
  readonly components: readonly string[] | null;
}

/**
 * @param companions for callers that read the same files themselves
 * @throws FileAccessError when the folder may not be read
 */
export async function readFolder(folder: string, companions = new CompanionReader()): Promise<FolderReading> {
  const listing = await listFolder(folder);
  const names = [...listing.files, ...listing.others].filter((name) => parseIndexName(name) !== null);
  const indices = await Promise.all(names.map((name) => readIndex(folder, name)));
  const grouped = groupWeights(listing, indices);
  const [components, named] = await Promise.all([readComponents(folder, listing, companions), namedWeights(folder, listing, companions)]);
  const sets = named === null ? grouped : await withNamed(grouped, folder, named);
  const clues = {
    named,
    hasAdapterConfig: listing.files.includes('adapter_config.json'),
    hasParams: listing.files.includes('params.json'),
  };
  return { folder, listing, sets, choice: chooseWeights(sets, clues), components };
}

/** An index of two million tensors has less; discovery reads those of strangers too. */
const maxIndexBytes = 256 * 1024 * 1024;

/** An index with what of its shards is there. @param name of any form; it need not end as the index of a loader does */
export async function readIndex(folder: string, name: string): Promise<IndexReading> {
  const facts = { name, stem: parseIndexName(name) ?? name };
  try {
    const file = join(folder, name);
    const reading = parseShardIndex(file, await readText(file, { maxBytes: maxIndexBytes }));
    const shards = [...new Set(reading.fileOf.values())].sort();
    const isThere = await inParallel(shards, (shard) => isFile(join(folder, shard)));
    return { ...facts, reading, present: shards.filter((_, i) => isThere[i]), missing: shards.filter((_, i) => !isThere[i]) };
  } catch (reading) {
    if (reading instanceof FormatError || reading instanceof FileAccessError) return { ...facts, reading, present: [], missing: [] };
    throw reading;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** `transformers_weights` of config.json. What is wrong with a config is said elsewhere. */
async function namedWeights(folder: string, { files }: FolderListing, companions: CompanionReader): Promise<string | null> {
  const config = files.includes('config.json') ? await readable(join(folder, 'config.json'), companions) : null;
  const named = config?.['transformers_weights'];
  return typeof named === 'string' ? named : null;
}

/** The sets with the one that is named, which may lie in a subfolder but not outside. Shards of its index lie where those of others do. */
async function withNamed(sets: readonly WeightSet[], folder: string, named: string): Promise<readonly WeightSet[]> {
  const isKnown = sets.some(({ files, index }) => files[0] === named || index?.name === named);
  if (isKnown || !isInnerPath(named)) return sets;
  if (named.endsWith('.json')) return [...sets, indexSet(await readIndex(folder, named))];
  const missing = (await isFile(join(folder, named))) ? [] : [named];
  return [...sets, { kind: 'file', stem: named, part: named, files: [named], missing, index: null }];
}

/** What diffusers calls the file that makes a folder a pipeline. */
export const pipelineIndexName = 'model_index.json';

/**
 * The models of a pipeline: what `model_index.json` names as `[library, class]` and has a folder. Schedulers and tokenizers
 * among them hold no weights.
 */
async function readComponents(
  folder: string,
  { files, folders }: FolderListing,
  companions: CompanionReader,
): Promise<readonly string[] | null> {
  const index = files.includes(pipelineIndexName) ? await readable(join(folder, pipelineIndexName), companions) : null;
  if (index === null) return null;
  const named = folders.filter((name) => Array.isArray(index[name]));
  const listings = await Promise.all(named.map((name) => listFolder(join(folder, name)).catch(() => null)));
  const components = named.filter((_, i) => listings[i]?.files.some(isWeights) === true);
  return components.length === 0 ? null : components;
}

function isWeights(name: string): boolean {
  return /\.(safetensors|bin|pt|pth|ckpt|gguf|onnx|msgpack|h5)$/.test(name) || parseIndexName(name) !== null;
}

/** Null also where the file cannot be used: what it is for says so. */
function readable(path: string, companions: CompanionReader): Promise<JsonObject | null> {
  return companions.object(path).catch(() => null);
}
