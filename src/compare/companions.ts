import { join } from 'node:path';
import { FileAccessError } from '../base/formatError.js';
import type { CompanionReader } from '../checkpoint/index.js';
import { adapterTitle, describeAdapter } from '../model/adapters/index.js';
import type { Model } from '../model/index.js';
import { compareSettings, formatSetting, formatSides, type SettingValue } from '../model/settings/index.js';
import type { CompanionDifference, CompanionDifferences } from './report/index.js';

/** Files that say how text becomes tokens and how an answer is generated. */
const behaviourFiles = [
  'tokenizer.json',
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
    adapter: compareTexts(adapterTexts(a), adapterTexts(b)),
    metadata: formatOf(a) === formatOf(b) ? compareTexts(metadataOf(a), metadataOf(b)) : [],
    files: a.folder === b.folder || [a, b].some(isSelfContained) ? [] : await compareFiles(a, b, companions),
  };
}

/** What its file states, else what its factors show. */
function adapterTexts({ adapter }: Model): Map<string, string> {
  if (adapter === null) return new Map();
  const stated = Object.entries(adapter.raw).map(([name, value]) => [name, formatSetting(value as SettingValue)] as const);
  return new Map([['kind', adapterTitle(adapter)], ...(stated.length > 0 ? stated : describeAdapter(adapter))]);
}

/** Entries of one format say nothing of those of another. */
function formatOf({ shards }: Model): string | undefined {
  return shards[0]?.format;
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
