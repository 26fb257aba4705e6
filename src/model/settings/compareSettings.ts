import { isDeepStrictEqual } from 'node:util';
import { settingEffect } from './settingEffect.js';
import { settingEffects, type ModelSettings, type SettingDifference, type SettingValue } from './settings.js';

/**
 * Every setting that means something else in B than in A, those first that change most. Empty where a version has no
 * readable `config.json`: nothing is known then.
 */
export function compareSettings(a: ModelSettings | null, b: ModelSettings | null): SettingDifference[] {
  if (a === null || b === null) return [];
  const names = [...new Set([...Object.keys(a.values), ...Object.keys(b.values)])].sort();
  const differences = names
    .map((name) => ({ name, a: a.values[name] ?? null, b: b.values[name] ?? null, effect: settingEffect(name) }))
    .filter((difference) => !isDeepStrictEqual(difference.a, difference.b));
  return differences.sort((one, other) => settingEffects.indexOf(one.effect) - settingEffects.indexOf(other.effect));
}

/** The value for people, shortened where it is long: `500000`, `"silu"`, `not set`, `["full_attention", … 28 in all]`. */
export function formatSetting(value: SettingValue): string {
  if (value === null) return 'not set';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
