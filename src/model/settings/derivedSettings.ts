import type { DerivedRule } from './libraryType.js';
import type { SettingRecord, SettingValue } from './settings.js';

/** Rules of settings that also types the library does not know follow by custom. */
const customary: Readonly<Record<string, DerivedRule>> = {
  num_key_value_heads: { rule: 'same', fields: ['num_attention_heads'] },
  head_dim: { rule: 'quotient', fields: ['hidden_size', 'num_attention_heads'] },
};

/** Settings that only say how others are derived, and say nothing once these are there. */
const consumed: ReadonlySet<string> = new Set([
  'first_k_dense_replace',
  'full_attention_interval',
  'global_attn_every_n_layers',
  'layer_group_size',
  'no_rope_layer_interval',
  'attn_layer_period',
  'sliding_window_pattern',
]);

/** Fills in what the library computes where it is left out or null, and drops what only served for that. */
export function deriveSettings(given: SettingRecord, rules: Readonly<Record<string, DerivedRule>>, isKnownType: boolean): SettingRecord {
  const values = switchOff(given, rules);
  const own = Object.entries(customary).filter(([name]) => !isKnownType || values[name] === null);
  const derived: Record<string, SettingValue> = { ...values };
  for (const [name, rule] of [...own, ...Object.entries(rules)])
    derived[name] = rule.rule === 'constant' ? rule.value : (derived[name] ?? derive(rule, values));
  const used = Object.values(rules).flatMap((rule) => ('field' in rule ? [rule.field] : []));
  return without(derived, (name) => used.includes(name) && consumed.has(name));
}

function switchOff(values: SettingRecord, rules: Readonly<Record<string, DerivedRule>>): SettingRecord {
  const isOff = (rule: DerivedRule | undefined): boolean => rule?.rule === 'switched' && values[rule.field] !== true;
  return without(values, (name) => isOff(rules[name]));
}

function derive(rule: DerivedRule, values: SettingRecord): SettingValue {
  const layers = size(values['num_hidden_layers']);
  const perLayer = (kind: (layer: number) => SettingValue): SettingValue =>
    layers === null || layers > maxLayers ? null : Array.from({ length: layers }, (_, layer) => kind(layer));
  switch (rule.rule) {
    case 'same':
      return values[rule.fields[0]!] ?? null;
    case 'quotient':
      return quotient(...sizesOf(rule.fields, values));
    case 'sum':
      return sizesOf(rule.fields, values).reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
    case 'constant':
      return rule.value;
    case 'switched':
    case 'orText':
      return null;
    case 'cycle':
      return rule.unless !== undefined && values[rule.unless] === true ? null : perLayer((layer) => rule.types[layer % rule.types.length]!);
    case 'everyNth': {
      const n = size(values[rule.field]) ?? rule.usual;
      return perLayer((layer) => ((layer + 1) % n === 0 ? rule.nth : rule.others));
    }
    case 'lateWindows':
      return perLayer((layer) => (isLateWindow(values, layer) ? 'sliding_attention' : 'full_attention'));
    case 'firstDense': {
      const count = rule.field === null ? rule.usual : (values[rule.field] ?? rule.usual);
      return typeof count === 'number' ? perLayer((layer) => (layer < count ? 'dense' : 'sparse')) : null;
    }
  }
}

/** A file that states more is wrong; no list is made from it. */
const maxLayers = 10_000;

function isLateWindow({ sliding_window: window, max_window_layers: first }: SettingRecord, layer: number): boolean {
  return window !== null && window !== undefined && typeof first === 'number' && layer >= first;
}

function sizesOf(fields: readonly string[], values: SettingRecord): (number | null)[] {
  return fields.map((field) => size(values[field]));
}

function quotient(dividend: number | null = null, divisor: number | null = null): number | null {
  return dividend === null || divisor === null || dividend % divisor !== 0 ? null : dividend / divisor;
}

function size(value: SettingValue | undefined): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
}

/** The record without the names that are to be dropped. */
export function without(values: SettingRecord, isDropped: (name: string) => boolean): SettingRecord {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isDropped(name)));
}
