import { join } from 'node:path';
import type { ModelConfig } from './config.js';
import { FileAccessError, FormatError } from '../../base/formatError.js';
import { isRecord } from '../../base/json/record.js';
import type { CompanionReader, Finding } from '../../checkpoint/index.js';
import { readSettings } from './readSettings.js';
import type { ModelSettings } from './settings.js';

export interface ConfigReading {
  /** Null when there is no `config.json` or it cannot be read. */
  readonly config: ModelConfig | null;
  readonly settings: ModelSettings | null;
  readonly findings: readonly Finding[];
}

/** Names that model families give to the same fact, most common first. */
const spellings = {
  hiddenSize: ['hidden_size', 'n_embd', 'd_model', 'dim'],
  layerCount: ['num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'],
  vocabularySize: ['vocab_size'],
  tiedEmbeddings: ['tie_word_embeddings'],
} as const;

/** Reads `config.json` of a folder. A broken one gives a finding, never an error: the weights can be read without it. */
export async function readModelConfig(folder: string, companions: CompanionReader): Promise<ConfigReading> {
  const file = join(folder, 'config.json');
  try {
    const root = await companions.object(file);
    if (root === null) return { config: null, settings: null, findings: [] };
    return { config: toModelConfig(root), settings: readSettings(root), findings: [] };
  } catch (error) {
    if (error instanceof FormatError || error instanceof FileAccessError) return unreadable(file, error.message);
    throw error;
  }
}

/** Multimodal models keep the language model's facts in `text_config`; the outer object wins where both speak. */
function toModelConfig(root: Readonly<Record<string, unknown>>): ModelConfig {
  const nested = isRecord(root['text_config']) ? [root['text_config']] : [];
  const places = [root, ...nested];
  const architectures = root['architectures'];
  const first: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  return {
    modelType: typeof root['model_type'] === 'string' ? root['model_type'] : null,
    architecture: typeof first === 'string' ? first : null,
    hiddenSize: findCount(places, spellings.hiddenSize),
    layerCount: findCount(places, spellings.layerCount),
    vocabularySize: findCount(places, spellings.vocabularySize),
    tiedEmbeddings: findFlag(places, spellings.tiedEmbeddings),
  };
}

function findCount(places: readonly Readonly<Record<string, unknown>>[], keys: readonly string[]): number | null {
  const values = places.flatMap((place) => keys.map((key) => place[key]));
  return values.find((value): value is number => Number.isSafeInteger(value) && (value as number) >= 0) ?? null;
}

function findFlag(places: readonly Readonly<Record<string, unknown>>[], keys: readonly string[]): boolean | null {
  const values = places.flatMap((place) => keys.map((key) => place[key]));
  return values.find((value): value is boolean => typeof value === 'boolean') ?? null;
}

function unreadable(file: string, reason: string): ConfigReading {
  const message = `config.json cannot be used: ${reason} The weights are read without it.`;
  return { config: null, settings: null, findings: [{ severity: 'warning', code: 'config-unreadable', message, file }] };
}
