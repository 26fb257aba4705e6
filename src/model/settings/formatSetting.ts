import type { SettingDifference, SettingValue } from './settings.js';

const maxLength = 60;

/** A value for people, shortened where it is long: `500000`, `silu`, `not set`, `[1,1,1,0,1,…`. */
export function formatSetting(value: SettingValue): string {
  if (value === null) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** `rms_norm_eps 1e-6 → 0.00001`. */
export function formatDifference({ name, a, b }: SettingDifference): string {
  return `${name} ${formatSetting(a)} → ${formatSetting(b)}`;
}
