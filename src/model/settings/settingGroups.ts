import { isRecord } from '../../base/json/record.js';
import { fieldText, removeField, setFieldText } from '../../base/json/editJson.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import { libraryType } from './libraryType.js';
import { standardName, textPartOf } from './readSettings.js';
import { ropeFields } from './ropeSettings.js';
import type { ModelSettings, SettingRecord } from './settings.js';

/** Settings that mean something only together: they are taken from one model, or all from the other. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'rotary embedding': [...ropeFields, 'original_max_position_embeddings'],
  'attention windows': [
    'layer_types',
    'sliding_window',
    'use_sliding_window',
    'max_window_layers',
    'sliding_window_pattern',
    'full_attention_interval',
    'global_attn_every_n_layers',
    'layer_group_size',
  ],
  'layers without positions': ['no_rope_layers', 'no_rope_layer_interval'],
};

const groupOfField = new Map(Object.entries(groups).flatMap(([group, fields]) => fields.map((field) => [field, group] as const)));

/** What a setting is taken over with: its group's name, or its own outermost name. */
export function groupOf(name: string): string {
  const [outermost = ''] = name.split('.');
  return groupOfField.get(outermost) ?? outermost;
}

/** The settings of a group. */
export function groupValues({ values }: ModelSettings, group: string): SettingRecord {
  return Object.fromEntries(Object.entries(values).filter(([name]) => groupOf(name) === group));
}

/**
 * The text of a `config.json` with groups of settings as another file has them, in the words of that file. What the other
 * file leaves to the library is left to it here too. Both files have to be of one model type.
 */
export function takeGroups(text: string, other: string, names: readonly string[]): string {
  const [own, source] = [text, other].map((each) => parsePythonJson(each) as SettingRecord) as [SettingRecord, SettingRecord];
  const isTaken = (path: readonly string[]): boolean => names.includes(groupOf(standardName(path.at(-1)!, typesOf(own))));
  const taken = fieldsOf(source)
    .filter(isTaken)
    .map((path) => ({ place: placeIn(own, source, path), value: fieldText(other, path)! }));
  const places = new Set(taken.map(({ place }) => place.join('.')));
  const stale = fieldsOf(own).filter((path) => isTaken(path) && !places.has(path.join('.')));
  return stale.reduce(
    removeField,
    taken.reduce((result, { place, value }) => setFieldText(result, place, value), text),
  );
}

/** Paths of all settings: those of the language model may lie one object deeper. */
function fieldsOf(config: SettingRecord): (readonly string[])[] {
  const part = textPartOf(config);
  const outer = Object.keys(config).filter((name) => name !== part);
  const inner = part === null ? [] : Object.keys(config[part] as SettingRecord).map((name) => [part, name]);
  return [...outer.map((name) => [name]), ...inner];
}

/** Where a file has what the other file has at a path. */
function placeIn(own: SettingRecord, source: SettingRecord, path: readonly string[]): readonly string[] {
  const [part, name] = [textPartOf(own), path.at(-1)!];
  const isOfText = path.length > 1 || (textPartOf(source) === null && !isRecord(source[name]) && !(name in own));
  return part !== null && isOfText ? [part, name] : [name];
}

function typesOf(config: SettingRecord): (string | null)[] {
  const part = textPartOf(config);
  const inner = part === null ? undefined : (config[part] as SettingRecord)['model_type'];
  return [config['model_type'], inner].map((type) => (typeof type === 'string' && libraryType(type) !== null ? type : null));
}
