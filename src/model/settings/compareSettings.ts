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
  const differences = [...compareTypes(a, b), ...compareRecords('', a.values, b.values)];
  return differences.sort((one, other) => settingEffects.indexOf(one.effect) - settingEffects.indexOf(other.effect));
}

/** Models whose language models are of one type differ in what is around these, which their tensors show. */
function compareTypes(a: ModelSettings, b: ModelSettings): SettingDifference[] {
  if (a.modelType === b.modelType && a.textModelType === b.textModelType) return [];
  const effect = a.textModelType === b.textModelType ? 'shape' : 'weights';
  return [{ name: 'model_type', a: a.modelType, b: b.modelType, effect }];
}

/** Records are compared field by field where both sides have them. */
function compareRecords(path: string, a: SettingRecord, b: SettingRecord): SettingDifference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.flatMap((key) => compareValues(`${path}${key}`, own(a, key), own(b, key)));
}

function compareValues(name: string, a: SettingValue, b: SettingValue): SettingDifference[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (isRecord(a) && isRecord(b)) return compareRecords(`${name}.`, a, b);
  return [{ name, a, b, effect: settingEffect(name) }];
}

function own(record: SettingRecord, key: string): SettingValue {
  return Object.hasOwn(record, key) ? record[key]! : null;
}
