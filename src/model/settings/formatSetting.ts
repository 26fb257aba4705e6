import { isRecord } from '../../base/json/record.js';
import type { SettingDifference, SettingValue } from './settings.js';

const maxLength = 60;

/** A value for people, shortened where it is long: `500000`, `silu`, `not set`, `[27 × full_attention, sliding_attention]`. */
export function formatSetting(value: SettingValue): string {
  if (value === null) return 'not set';
  const text = describe(value);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** Both sides of a difference. Where long values begin alike, each tells from where on they differ. */
export function formatSides({ a, b }: Pick<SettingDifference, 'a' | 'b'>): { readonly a: string; readonly b: string } {
  const sides = { a: formatSetting(a), b: formatSetting(b) };
  if (sides.a !== sides.b) return sides;
  const [own, other] = [describe(a), describe(b)];
  const first = Math.max(0, sharedLength(own, other) - 10);
  const from = (text: string): string => `…${text.slice(first, first + maxLength - 2)}${text.length > first + maxLength - 2 ? '…' : ''}`;
  return { a: from(own), b: from(other) };
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** `rms_norm_eps 0.000001 → 0.00001`. */
export function formatDifference(difference: SettingDifference): string {
  const { a, b } = formatSides(difference);
  return `${difference.name} ${a} → ${b}`;
}

function describe(value: SettingValue): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? describeList(value as readonly SettingValue[]) : JSON.stringify(value);
}

/** Equal entries in a row are counted. */
function describeList(values: readonly SettingValue[]): string {
  const runs: { text: string; count: number }[] = [];
  for (const value of values) {
    const text = isRecord(value) ? JSON.stringify(value) : describe(value);
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return `[${runs.map(({ text, count }) => (count === 1 ? text : `${count} × ${text}`)).join(', ')}]`;
}
