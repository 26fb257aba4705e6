import { isRecord } from '../../base/json/record.js';
import type { ModelSettings, SettingValue } from './settings.js';

type Fields = Readonly<Record<string, unknown>>;

/** What says nothing about the model. */
const irrelevant: ReadonlySet<string> = new Set(['transformers_version', '_name_or_path', 'use_cache', 'architectures', 'auto_map']);

const synonyms: Readonly<Record<string, string>> = { torch_dtype: 'dtype' };

/** Normalises a parsed `config.json`. */
export function readSettings(config: Fields): ModelSettings {
  const text = isRecord(config['text_config']) ? config['text_config'] : {};
  const values: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries({ ...config, ...text })) {
    if (!irrelevant.has(name) && name !== 'text_config') collect(values, synonyms[name] ?? name, value as SettingValue);
  }
  const modelType = values['model_type'];
  return { modelType: typeof modelType === 'string' ? modelType : null, values };
}

/** An object is as many settings as it has fields; a list is one. */
function collect(values: Record<string, SettingValue>, name: string, value: SettingValue): void {
  if (isRecord(value)) for (const [key, inner] of Object.entries(value)) collect(values, `${name}.${key}`, inner);
  else if (value !== null) values[name] = value;
}
