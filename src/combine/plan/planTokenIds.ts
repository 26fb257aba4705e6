import { isDeepStrictEqual } from 'node:util';
import { removeField, setFieldText } from '../../base/json/editJson.js';
import { formatSetting, type ModelSettings, type SettingValue } from '../../model/settings/index.js';
import type { TokenizerVocabulary } from '../../model/vocabulary/index.js';
import type { OpenInput } from './openInputs.js';
import { isTokenId, type FineTune, type PlannedSettings } from './planSettings.js';

/** A special token's id or ids, changed by a fine-tune: as the output has them; null where it has none. */
export interface ChangedTokenId {
  readonly name: string;
  readonly value: SettingValue;
}

export interface PlannedTokenIds extends PlannedSettings {
  readonly changed: readonly ChangedTokenId[];
}

/**
 * Special tokens that the fine-tune changed in its base's `config.json`, put into the output's under the ids that they
 * have there. As with other settings, a template that differs from both keeps its own.
 */
export function planTokenIds(
  planned: PlannedSettings,
  template: OpenInput,
  { after, before, beforeVocabulary }: FineTune,
  idOf: (token: string) => number | null,
): PlannedTokenIds {
  const [fresh, own] = [after.checkpoint.settings, template.checkpoint.settings];
  let result: PlannedTokenIds = { ...planned, changed: [] };
  if (fresh === null || own === null) return result;
  for (const name of tokenIdNames([before, fresh])) {
    const [old, now, kept] = [
      tokensOf(before.values[name], beforeVocabulary),
      tokensOf(fresh.values[name], after.vocabulary),
      tokensOf(own.values[name], template.vocabulary),
    ];
    if (isDeepStrictEqual(old, now) || isDeepStrictEqual(now, kept)) continue;
    if (isDeepStrictEqual(old, kept)) result = setTokenId(result, own, name, fresh.values[name] ?? null, after, idOf);
    else result = { ...result, findings: [...result.findings, conflict(name, fresh, own, after, template)] };
  }
  return result;
}

function tokenIdNames(models: readonly ModelSettings[]): string[] {
  return [...new Set(models.flatMap(({ values }) => Object.keys(values).filter(isTokenId)))].sort();
}

/** Tokens are told by their text where the vocabulary is known. */
function tokensOf(value: SettingValue | undefined, vocabulary: TokenizerVocabulary | null): SettingValue[] {
  const ids = [value ?? []].flat();
  return ids.map((id) => (typeof id === 'number' ? (vocabulary?.tokenOf(id) ?? id) : id));
}

function setTokenId(
  planned: PlannedTokenIds,
  { spellings }: ModelSettings,
  name: string,
  value: SettingValue,
  after: OpenInput,
  idOf: (token: string) => number | null,
): PlannedTokenIds {
  const path = (spellings[name] ?? name).split('.');
  if (value === null) return { ...planned, text: removeField(planned.text, path), changed: [...planned.changed, { name, value }] };
  const ids = translateIds([value].flat(), after.vocabulary, idOf);
  if (ids === null) return { ...planned, findings: [...planned.findings, lost(name, value, after)] };
  const written = Array.isArray(value) ? ids : ids[0]!;
  const text = setFieldText(planned.text, path, JSON.stringify(written));
  return {
    ...planned,
    text,
    changes: [...planned.changes, `${name} of ${after.role}`],
    changed: [...planned.changed, { name, value: written }],
  };
}

/** Ids under which the output has the tokens of other ids; null when it lacks one. Without a vocabulary they stay. */
export function translateIds(
  ids: readonly SettingValue[],
  vocabulary: TokenizerVocabulary | null,
  idOf: (token: string) => number | null,
): SettingValue[] | null {
  if (vocabulary === null) return [...ids];
  const translated = ids.map((id) => {
    if (typeof id !== 'number' || id < 0) return id; // -1 stands for no token
    const token = vocabulary.tokenOf(id);
    return token === null ? null : idOf(token);
  });
  return translated.includes(null) ? null : translated;
}

function lost(name: string, value: SettingValue, { role, folder }: OpenInput): PlannedSettings['findings'][number] {
  const message = `${role} changed ${name} to ${formatSetting(value)}, a token that the output's vocabulary lacks: the target's is kept. Check where generated text ends.`;
  return { severity: 'warning', code: 'special-tokens-lost', message, file: folder };
}

function conflict(
  name: string,
  fresh: ModelSettings,
  own: ModelSettings,
  after: OpenInput,
  template: OpenInput,
): PlannedSettings['findings'][number] {
  const [theirs, ours] = [fresh, own].map(({ values }) => formatSetting(values[name] ?? null));
  const message = `${after.role} changed ${name} of its base to ${theirs}, and ${template.role} has ${ours}, which is neither: the output has that of ${template.role}. Check where generated text ends.`;
  return { severity: 'warning', code: 'settings-conflict', message, file: after.folder };
}
