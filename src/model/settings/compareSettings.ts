import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../base/json/record.js';
import { settingEffect } from './settingEffect.js';
import { settingEffects, type ModelSettings, type SettingDifference, type SettingRecord, type SettingValue } from './settings.js';

/**
 * Every setting that means something else in B than in A, those first that change most. Empty where a version has no
 * readable `config.json`: nothing is known then.
 */
export function compareSettings(a: ModelSettings | null, b: ModelSettings | null): SettingDifference[] {
  if (a === null || b === null) return [];
  const isPartial = a.isPartial === true || b.isPartial === true;
  const differences = [...compareTypes(a, b, isPartial), ...compareRecords('', a.values, b.values, isPartial)];
  return differences.sort((one, other) => settingEffects.indexOf(one.effect) - settingEffects.indexOf(other.effect));
}

/**
 * Models whose language models are of one type differ in what is around these, which their tensors show.
 * @param isPartial one side has the language model alone, and may not know its type
 */
function compareTypes(a: ModelSettings, b: ModelSettings, isPartial: boolean): SettingDifference[] {
  if (a.textModelType === b.textModelType && (isPartial || a.modelType === b.modelType)) return [];
  if (isPartial && (a.textModelType === null || b.textModelType === null)) return [];
  const effect = a.textModelType === b.textModelType ? 'shape' : 'weights';
  return [{ name: 'model_type', a: a.modelType, b: b.modelType, effect }];
}

/** Records are compared field by field where both sides have them; where one is partial, only what both have. */
function compareRecords(path: string, a: SettingRecord, b: SettingRecord, isPartial: boolean): SettingDifference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const known = names.filter((key) => !isPartial || (Object.hasOwn(a, key) && Object.hasOwn(b, key)));
  return known.flatMap((key) => compareValues(`${path}${key}`, own(a, key), own(b, key), isPartial));
}

function compareValues(name: string, a: SettingValue, b: SettingValue, isPartial: boolean): SettingDifference[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (isRecord(a) && isRecord(b)) return compareRecords(`${name}.`, a, b, isPartial);
  return [{ name, a, b, effect: settingEffect(name) }];
}

function own(record: SettingRecord, key: string): SettingValue {
  return Object.hasOwn(record, key) ? record[key]! : null;
}
