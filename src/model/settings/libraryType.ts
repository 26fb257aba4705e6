import { readFileSync } from 'node:fs';
import { distFile } from '../../base/distFile.js';
import type { SettingRecord, SettingValue } from './settings.js';

/** How the library computes a setting that a file leaves out from others. */
export type DerivedRule =
  | { readonly rule: 'same' | 'quotient' | 'sum'; readonly fields: readonly string[] }
  /** The list repeats over the layers, unless a switch makes another list. */
  | { readonly rule: 'cycle'; readonly types: readonly SettingValue[]; readonly unless?: string }
  /** Every n-th layer is of another kind; n is what `field` says, or `usual`. */
  | {
      readonly rule: 'everyNth';
      readonly field: string;
      readonly usual: number;
      readonly others: SettingValue;
      readonly nth: SettingValue;
    }
  /** Qwen: layers from `max_window_layers` on have the window, if there is one. */
  | { readonly rule: 'lateWindows' }
  /** What the file says counts only where the field is true. */
  | { readonly rule: 'switched'; readonly field: string }
  /** What the file says does not count. */
  | { readonly rule: 'constant'; readonly value: SettingValue }
  /** True where the language model's own configuration says so. */
  | { readonly rule: 'orText' }
  /** The first so many layers have a dense feed-forward part, the others experts. */
  | { readonly rule: 'firstDense'; readonly field: string | null; readonly usual: number };

/** What the library knows of a `model_type`. */
export interface LibraryType {
  /** Values of settings that a file leaves out, as far as they depend on no other. */
  readonly defaults: SettingRecord;
  /** Standard names of settings, by another spelling. */
  readonly synonyms: Readonly<Record<string, string>>;
  /** Nested configurations, by name. */
  readonly parts: Readonly<Record<string, LibraryPart>>;
  readonly derived: Readonly<Record<string, DerivedRule>>;
}

/** A configuration inside another. */
export interface LibraryPart {
  /** The `model_type` of a part that does not say; that of every part if `isFixed`. */
  readonly type: string;
  readonly isFixed: boolean;
  /** What a part has that is missing. */
  readonly given?: SettingRecord;
}

const parsed = new Map<string, LibraryType>();

/** @returns null for a type that the library does not have, which models with code of their own are of */
export function libraryType(modelType: string | null): LibraryType | null {
  if (modelType === null) return null;
  const known = parsed.get(modelType);
  if (known !== undefined) return known;
  const text = lineOf(modelType);
  const type = text === null ? null : { ...nothing, ...(JSON.parse(text) as Partial<LibraryType>) };
  if (type !== null) parsed.set(modelType, type);
  return type;
}

const nothing: LibraryType = { defaults: {}, synonyms: {}, parts: {}, derived: {} };

let table: string | null = null;

/**
 * What transformers makes of fields that a `config.json` leaves out: a line for each type, its name and JSON, made by
 * scripts/goldens/library_defaults.py. A file of its own, so that a start does not parse it.
 */
function libraryDefaults(): string {
  return (table ??= readFileSync(distFile('libraryDefaults.txt'), 'utf8'));
}

function lineOf(modelType: string): string | null {
  const start = /\s/.test(modelType) ? -1 : libraryDefaults().indexOf(`\n${modelType} {`);
  if (start === -1) return null;
  const text = libraryDefaults();
  return text.slice(start + modelType.length + 2, text.indexOf('\n', start + 1));
}
