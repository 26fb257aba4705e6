import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileAccessError, FormatError } from '../base/formatError.js';
import { inParallel } from '../base/inParallel.js';
import type { JsonObject } from '../base/json/readJson.js';
import { readText } from '../base/readFile.js';
import { chooseWeights, type Choice } from './chooseWeights.js';
import { CompanionReader } from './companionReader.js';
import { listFolder, type FolderListing } from './listFolder.js';
import { recogniseLoose } from './recogniseLoose.js';
import { isInnerPath, parseShardIndex } from './shardIndex.js';
import { isTrainingState } from './trainingState.js';
import { distributedSet, groupWeights, type IndexReading, type WeightSet } from './weightSets.js';
import { parseIndexName, parseWeightsName } from './weightsName.js';

/** What a folder holds, as far as names, indices and two small files say. Discovery and opening both go by it. */
export interface FolderReading {
  readonly folder: string;
  readonly listing: FolderListing;
  readonly sets: readonly WeightSet[];
  readonly choice: Choice;
  /** Subfolders that are models of a diffusers pipeline; null for folders that are none. */
  readonly components: readonly string[] | null;
  /** Files that end like weights and were not looked into, since there are too many of them. */
  readonly unknownFiles: number;
  /** Models that a pipeline names and has no folder for. */
  readonly absentComponents: readonly string[];
}

/**
 * @param companions for callers that read the same files themselves
 * @throws FileAccessError when the folder may not be read
 */
export async function readFolder(folder: string, companions = new CompanionReader()): Promise<FolderReading> {
  const listing = await listFolder(folder);
  const [pipeline, named, loose, sharded] = await Promise.all([
    readComponents(folder, listing, companions),
    namedWeights(folder, listing, companions),
    recogniseLoose(folder, listing.files),
    distributedSets(folder, listing),
  ]);
  const found = [...listing.files, ...listing.others].filter((name) => parseIndexName(name) !== null);
  const names = new Set([...found, ...(named?.endsWith('.json') ? [named] : [])]);
  const indices = await Promise.all([...names].map((name) => readIndex(folder, name)));
  const elsewhere = named === null || names.has(named) || listing.files.includes(named) ? [] : [await namedSet(folder, named)];
  const sets = groupWeights({ files: loose.weights, others: listing.others }, indices, [...elsewhere, ...sharded]);
  const clues = {
    named,
    hasAdapterConfig: listing.files.includes('adapter_config.json'),
    hasParams: listing.files.includes('params.json'),
  };
  return { folder, listing, sets, choice: chooseWeights(sets, clues), unknownFiles: loose.unknown, ...pipeline };
}

/** What FSDP of accelerate calls the folder of a model's weights, beside one for the optimizer. */
const fsdpFolder = /^pytorch_model_fsdp_\d+$/;

/** Distributed checkpoints in a folder, or of a model in a folder below it; those of optimizers are none. */
async function distributedSets(folder: string, { files, folders }: FolderListing): Promise<WeightSet[]> {
  const own = isTrainingState(basename(folder)) ? null : distributedSet(files);
  const below = folders.filter((name) => fsdpFolder.test(name));
  const inner = await Promise.all(below.map(async (name) => distributedSet((await listFolder(join(folder, name))).files, `${name}/`)));
  return [own, ...inner].filter((set) => set !== null);
}

/** An index of two million tensors has less; discovery reads those of strangers too. */
const maxIndexBytes = 256 * 1024 * 1024;

/** An index with what of its shards is there. @param name of any form; it need not end as the index of a loader does */
export async function readIndex(folder: string, name: string): Promise<IndexReading> {
  const facts = { name, ...(parseIndexName(name) ?? { stem: name, format: 'safetensors' as const }) };
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

/** `transformers_weights` of config.json, where it leads into the folder. What is wrong with a config is said elsewhere. */
async function namedWeights(folder: string, { files }: FolderListing, companions: CompanionReader): Promise<string | null> {
  const config = files.includes('config.json') ? await readable(join(folder, 'config.json'), companions) : null;
  const named = config?.['transformers_weights'];
  return typeof named === 'string' && isInnerPath(named) ? named : null;
}

/** A file of weights that is named and does not lie among the others: in a subfolder, or nowhere. */
async function namedSet(folder: string, named: string): Promise<WeightSet> {
  const missing = (await isFile(join(folder, named))) ? [] : [named];
  const format = parseWeightsName(named)?.format ?? 'safetensors';
  return { kind: 'file', stem: named, format, part: named, files: [named], missing, index: null };
}

/** What diffusers calls the file that makes a folder a pipeline. */
export const pipelineIndexName = 'model_index.json';

/** Classes of a pipeline that have settings but no weights. */
const weightless = /(?:Scheduler|Tokenizer(?:Fast)?|FeatureExtractor|Processor(?:Fast)?)$/;

/**
 * The models of a pipeline: what `model_index.json` names as `[library, class]` and has a folder with weights. A null class
 * is a part that was left out.
 */
async function readComponents(
  folder: string,
  { files, folders }: FolderListing,
  companions: CompanionReader,
): Promise<Pick<FolderReading, 'components' | 'absentComponents'>> {
  const index = files.includes(pipelineIndexName) ? await readable(join(folder, pipelineIndexName), companions) : null;
  const named = Object.entries(index ?? {}).flatMap(([name, type]) => (Array.isArray(type) && typeof type[1] === 'string' ? [name] : []));
  const present = folders.filter((name) => named.includes(name));
  const listings = await Promise.all(present.map((name) => listFolder(join(folder, name)).catch(() => null))); // opening it says why
  const components = present.filter((_, i) => listings[i]?.files.some(isWeights) !== false);
  const isModel = (name: string): boolean => !weightless.test((index?.[name] as readonly string[])[1] ?? '');
  if (components.length === 0) return { components: null, absentComponents: [] };
  return { components, absentComponents: named.filter((name) => !folders.includes(name) && isModel(name)) };
}

function isWeights(name: string): boolean {
  return /\.(safetensors|bin|pt|pth|ckpt|gguf|onnx|msgpack|h5)$/.test(name) || parseIndexName(name) !== null;
}

/** Null also where the file cannot be used: what it is for says so. */
function readable(path: string, companions: CompanionReader): Promise<JsonObject | null> {
  return companions.object(path).catch(() => null);
}
