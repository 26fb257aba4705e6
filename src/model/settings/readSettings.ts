import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import { deriveSettings, without } from './derivedSettings.js';
import { isIrrelevant } from './irrelevantSettings.js';
import { libraryType, type LibraryPart } from './libraryType.js';
import { gatherRope } from './ropeSettings.js';
import type { ModelSettings, SettingRecord, SettingValue } from './settings.js';

/** Where models that also read images or sound keep the settings of their language model. */
const textParts = ['text_config', 'language_config', 'llm_config'] as const;

/** Standard names of what types that the library does not know call otherwise. */
const usualSynonyms: Readonly<Record<string, string>> = {
  n_embd: 'hidden_size',
  d_model: 'hidden_size',
  n_layer: 'num_hidden_layers',
  n_layers: 'num_hidden_layers',
  num_layers: 'num_hidden_layers',
  n_head: 'num_attention_heads',
  n_heads: 'num_attention_heads',
  n_positions: 'max_position_embeddings',
};

/** Settings of the language model that count where the outer object has them. */
const outerFirst = /^(?:tie_word_embeddings|quantization_config|dtype|.*_token_ids?)$/;

/**
 * Normalises a parsed `config.json`: names as in transformers 5, its defaults filled in, the older ways to write rotary
 * embeddings, layer types and windows brought into one. What cannot be understood stays as it is written.
 */
export function readSettings(root: JsonObject): ModelSettings {
  const config = root as SettingRecord;
  const modelType = textOf(config['model_type']);
  const library = libraryType(modelType);
  const name = textPartOf(config);
  const text = name === null ? null : (config[name] as SettingRecord);
  const textModelType = partType(text, library?.parts['text_config']) ?? modelType;
  const flat = without(config, (field) => field === 'text_config' || field === name);
  const outer = normalise(modelType, flat);
  const isWrapped = text !== null || textModelType !== modelType;
  const inner = isWrapped ? normalise(textModelType, withoutDtype(text ?? { ...library?.parts['text_config']?.given, ...flat })) : {};
  const isTied = library?.derived['tie_word_embeddings']?.rule === 'orText' && inner['tie_word_embeddings'] === true;
  const counting = without(outer, (field) => !countsOutside(field, config) || (isTied && field === 'tie_word_embeddings'));
  const values = { ...outer, ...inner, ...counting };
  return {
    modelType,
    textModelType,
    isKnownType: libraryType(textModelType) !== null,
    values,
    spellings: spellingsOf(config, name, [modelType, textModelType]),
  };
}

/** The object in which a file keeps the settings of its language model; null where they stand with the others. */
export function textPartOf(config: SettingRecord): string | null {
  return textParts.find((part) => isRecord(config[part])) ?? null;
}

/** The standard name of a field, in a file of these model types. */
export function standardName(field: string, types: readonly (string | null)[]): string {
  return types.map((type) => synonymOf(field, libraryType(type)?.synonyms ?? usualSynonyms)).find((name) => name !== field) ?? field;
}

/** Ties are the outer model's, whose head they concern, also by default; other settings where the file states them. */
function countsOutside(field: string, config: SettingRecord): boolean {
  return outerFirst.test(field) && (field === 'tie_word_embeddings' || field === 'dtype' || (config[field] ?? null) !== null);
}

/** One configuration object, its parts included, without nulls. */
function normalise(modelType: string | null, fields: SettingRecord): SettingRecord {
  const library = libraryType(modelType);
  const { rope_parameters: rope, ...defaults } = library?.defaults ?? {};
  const stated = rename(fields, library?.synonyms ?? usualSynonyms);
  const roped = gatherRope({ ...defaults, ...stated }, isRecord(rope) ? rope : null, library !== null);
  const derived = deriveSettings(roped, library?.derived ?? {}, library !== null);
  const all: SettingRecord = { ...derived, ...layerKindsOf(derived), ...partsOf(derived, library?.parts ?? {}) };
  return without(all, (name) => all[name] === null);
}

/** Names of kinds of layers before transformers 5 made them one vocabulary. */
const layerKinds: Readonly<Record<string, string>> = {
  mamba: 'linear_attention',
  attention: 'full_attention',
  deepseek_sparse_attention: 'indexed_attention',
  qwen_sparse_attention: 'indexed_attention',
};

function layerKindsOf({ layer_types: kinds }: SettingRecord): SettingRecord {
  if (!Array.isArray(kinds)) return {};
  return { layer_types: kinds.map((kind: SettingValue) => (typeof kind === 'string' ? (layerKinds[kind] ?? kind) : kind)) };
}

/** The fields that say something, under their standard names; a field under its standard name wins. */
function rename(fields: SettingRecord, synonyms: Readonly<Record<string, string>>): SettingRecord {
  const named = Object.entries(fields).filter(([name, value]) => name !== 'model_type' && !isIrrelevant(name, value));
  const renamed = named.map(([name, value]): [string, SettingValue] => [synonymOf(name, synonyms), value]);
  return { ...Object.fromEntries(renamed), ...Object.fromEntries(named.filter(([name]) => synonymOf(name, synonyms) === name)) };
}

function synonymOf(name: string, synonyms: Readonly<Record<string, string>>): string {
  if (name === 'torch_dtype') return 'dtype';
  return Object.hasOwn(synonyms, name) ? synonyms[name]! : name;
}

/** Vision and audio parts, also those that the file leaves to the library. Their dtype is the whole model's. */
function partsOf(values: SettingRecord, known: Readonly<Record<string, LibraryPart>>): SettingRecord {
  const stated = Object.keys(values).filter((name) => isPart(values[name]));
  const names = new Set([...Object.keys(known).filter((name) => name !== 'text_config'), ...stated]);
  return Object.fromEntries([...names].map((name) => [name, normalisePart(values[name] ?? null, known[name])]));
}

function isPart(value: SettingValue | undefined): boolean {
  return isRecord(value) && typeof value['model_type'] === 'string';
}

function normalisePart(value: SettingValue, known: LibraryPart | undefined): SettingValue {
  const part = value ?? known?.given ?? {};
  return isRecord(part) ? normalise(partType(part, known), withoutDtype(part)) : part;
}

function partType(part: SettingRecord | null, known: LibraryPart | undefined): string | null {
  return known?.isFixed === true ? known.type : (textOf(part?.['model_type']) ?? known?.type ?? null);
}

function withoutDtype(fields: SettingRecord): SettingRecord {
  return without(fields, (name) => name === 'dtype' || name === 'torch_dtype');
}

/** Where the file has settings under another name or inside another object. */
function spellingsOf(config: SettingRecord, part: string | null, types: readonly (string | null)[]): Record<string, string> {
  const places = [{ fields: config, path: '' }, ...(part === null ? [] : [{ fields: config[part] as SettingRecord, path: `${part}.` }])];
  const found = places.flatMap(({ fields, path }) =>
    Object.keys(fields)
      .filter((name) => (fields[name] ?? null) !== null)
      .map((name) => [ropeName(name) ?? standardName(name, types), `${path}${name}`] as const),
  );
  return Object.fromEntries(found.filter(([standard, path]) => standard !== path));
}

/** Where `rope_parameters` has what stood elsewhere. */
function ropeName(name: string): string | null {
  const names: Readonly<Record<string, string>> = {
    rope_scaling: 'rope_parameters',
    rope_theta: 'rope_parameters.rope_theta',
    rotary_emb_base: 'rope_parameters.rope_theta',
    partial_rotary_factor: 'rope_parameters.partial_rotary_factor',
    rotary_pct: 'rope_parameters.partial_rotary_factor',
  };
  return Object.hasOwn(names, name) ? names[name]! : null;
}

function textOf(value: SettingValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
