import { join } from 'node:path';
import { FileAccessError } from '../base/formatError.js';
import type { CompanionReader } from '../checkpoint/index.js';
import { changedWeights, describeAdapter } from '../model/adapters/index.js';
import type { Model } from '../model/index.js';
import { compareSettings, formatSetting, formatSides, type SettingValue } from '../model/settings/index.js';
import type { CompanionDifference, CompanionDifferences } from './report/index.js';

/** Files that say how text becomes tokens and how an answer is generated. */
const behaviourFiles = [
  'tokenizer.json',
  'tekken.json',
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
  'added_tokens.json',
  'special_tokens_map.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'chat_template.json',
  'generation_config.json',
];

/** What differs between two versions beside their tensors. Files that cannot be read are left out: that is said elsewhere. */
export async function compareCompanions(a: Model, b: Model, companions: CompanionReader): Promise<CompanionDifferences> {
  const settings = compareSettings(a.settings, b.settings).map((difference) => ({ name: difference.name, ...formatSides(difference) }));
  return {
    settings,
    ...compareAdapters(a, b),
    metadata: compareMetadata(a, b),
    files: a.folder === b.folder || [a, b].some(isSelfContained) ? [] : await compareFiles(a, b, companions),
  };
}

/**
 * Settings that ΔW tells, by the names of PEFT, of MLX and of `describeAdapter`, and those that only matter in training. Where ΔW is
 * compared, none of them is a difference of what an adapter computes.
 */
const making: ReadonlySet<string> = new Set([
  ...['r', 'lora_alpha', 'rank_pattern', 'alpha_pattern', 'use_rslora', 'fan_in_fan_out', 'target_modules', 'target_parameters'],
  ...['exclude_modules', 'layers_to_transform', 'layers_pattern', 'lora_dropout', 'inference_mode', 'init_lora_weights', 'lora_bias'],
  ...['peft_version', 'revision', 'auto_mapping', 'runtime_config', 'ensure_weight_tying', 'ephemeral_gpu_offload', 'loftq_config'],
  ...['eva_config', 'corda_config', 'lora_ga_config', 'velora_config', 'megatron_config', 'megatron_core'],
  ...[
    'lora_parameters',
    'num_layers',
    'batch_size',
    'iters',
    'learning_rate',
    'optimizer',
    'seed',
    'data',
    'adapter_path',
    'train',
    'test',
  ],
  ...['rank', 'alpha', 'scale', 'modules', 'parameters', 'initialised by'],
]);

function compareAdapters(a: Model, b: Model): Pick<CompanionDifferences, 'adapter' | 'making'> {
  const isSameFormat = a.adapter?.format === b.adapter?.format;
  const differences = compareTexts(adapterTexts(a, isSameFormat), adapterTexts(b, isSameFormat));
  if (!comparesChanges(a) || !comparesChanges(b)) return { adapter: differences, making: [] };
  return { adapter: differences.filter(({ name }) => !making.has(name)), making: differences.filter(({ name }) => making.has(name)) };
}

/** Whether what is compared of an adapter are its ΔW. */
function comparesChanges({ adapter, parameters }: Model): boolean {
  return adapter !== null && changedWeights(parameters, adapter) !== null;
}

/** What its file states, else what its factors show: so also where the files are those of two libraries. */
function adapterTexts({ adapter }: Model, asStated: boolean): Map<string, string> {
  if (adapter === null) return new Map();
  const stated = asStated
    ? Object.entries(adapter.raw).map(([name, value]) => [name, formatSetting(inOrder(value) as SettingValue)] as const)
    : [];
  return new Map([['kind', adapter.kind], ...(stated.length > 0 ? stated : describeAdapter(adapter))]);
}

/** Lists of modules are sets. */
function inOrder(value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value;
}

/** Entries of one format say nothing of those of another. */
function compareMetadata(a: Model, b: Model): CompanionDifference[] {
  if (formatOf(a) === formatOf(b)) return compareTexts(metadataOf(a), metadataOf(b));
  return [a, b].some(isSelfContained) ? [{ name: 'file format', a: formatOf(a), b: formatOf(b) }] : [];
}

function formatOf({ shards }: Model): string {
  return shards[0]?.format ?? '';
}

/** A GGUF file has its tokenizer inside: what lies beside it is not its own. */
function isSelfContained(model: Model): boolean {
  return formatOf(model) === 'gguf';
}

/** All shards' entries; where shards disagree, the last one speaks. */
function metadataOf({ shards }: Model): Map<string, string> {
  return new Map(shards.flatMap(({ metadata }) => Object.entries(metadata)));
}

function compareTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): CompanionDifference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names.flatMap((name) => differenceOf(name, a.get(name) ?? null, b.get(name) ?? null));
}

function differenceOf(name: string, a: string | null, b: string | null): CompanionDifference[] {
  return a === b || a === unreadable || b === unreadable ? [] : [{ name, a, b }];
}

const unreadable = 'unreadable';

async function compareFiles(a: Model, b: Model, companions: CompanionReader): Promise<CompanionDifference[]> {
  const fingerprints = behaviourFiles.map(async (name) => {
    const [own, other] = await Promise.all([a, b].map(({ folder }) => fingerprintOf(join(folder, name), companions)));
    return differenceOf(name, own!, other!);
  });
  return (await Promise.all(fingerprints)).flat();
}

/** Size and the first digits of a SHA-256; null for a file that is not there. */
async function fingerprintOf(path: string, companions: CompanionReader): Promise<string | null> {
  try {
    const bytes = await companions.bytes(path);
    if (bytes === null) return null;
    return `${bytes.byteLength} bytes, sha256 ${companions.sha256(path, bytes).slice(0, 12)}`;
  } catch (error) {
    if (error instanceof FileAccessError) return unreadable;
    throw error;
  }
}
