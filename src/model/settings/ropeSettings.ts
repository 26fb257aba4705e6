import { isRecord } from '../../base/json/record.js';
import { without } from './derivedSettings.js';
import type { SettingRecord, SettingValue } from './settings.js';

/** Where the fields of rotary embeddings stood before `rope_parameters` took them in, in any family. */
export const ropeFields = [
  'rope_parameters',
  'rope_scaling',
  'rope_theta',
  'partial_rotary_factor',
  'rotary_emb_base',
  'rotary_pct',
  'rope_local_base_freq',
  'global_rope_theta',
  'local_rope_theta',
] as const;
const legacyFields: ReadonlySet<string> = new Set(ropeFields.filter((name) => name !== 'rope_parameters'));

/** Values that parameters of a kind have where they are left out: they are left out here too. */
const usualParameters: SettingRecord = { partial_rotary_factor: 1, beta_fast: 32, beta_slow: 1, truncate: true };

/** Kinds that stretch from the context length of pretraining. */
const stretched: ReadonlySet<SettingValue | undefined> = new Set(['llama3', 'yarn', 'longrope']);

/**
 * Brings the fields of rotary embeddings into one record, `rope_parameters`, as transformers 5 does
 * (`RotaryEmbeddingConfigMixin`): one set of parameters, or one for each kind of layer. `rope_scaling` wins where both are
 * given. A config without such fields, of a type that has none, stays as it is.
 *
 * @param values with the library's defaults, but for these fields
 * @param usual the library's `rope_parameters`; null where it has none for this type, or the type is not known
 */
export function gatherRope(values: SettingRecord, usual: SettingRecord | null, isKnownType: boolean): SettingRecord {
  const isStated = isRecord(values['rope_parameters']) || isRecord(values['rope_scaling']) || typeof values['rope_theta'] === 'number';
  if (usual === null && (isKnownType || !isStated)) return values;
  const odd = [values['rope_scaling'], values['rope_parameters']].find((value) => (value ?? null) !== null && !isRecord(value));
  if (odd !== undefined) return { ...values, rope_parameters: odd };
  const nested = usual !== null && Object.values(usual).some(isRecord) ? usual : null;
  const gathered = nested === null ? flatRope(values, usual ?? {}) : nestedRope(values, nested);
  return { ...without(values, (name) => legacyFields.has(name)), rope_parameters: gathered };
}

/** One set for all layers, unless the file has several although its type usually has one. */
function flatRope(values: SettingRecord, usual: SettingRecord): SettingRecord {
  const stated = recordOf(values['rope_scaling']) ?? recordOf(values['rope_parameters']);
  const theta = values['rope_theta'] ?? values['rotary_emb_base'] ?? usual['rope_theta'] ?? 10_000;
  const share = values['partial_rotary_factor'] ?? values['rotary_pct'] ?? usual['partial_rotary_factor'] ?? 1;
  const fields = { rope_theta: theta, partial_rotary_factor: share, ...axial(usual) };
  if (stated === null) return tidy({ ...usual, ...fields }, values);
  if (!Object.values(stated).some(isRecord)) return tidy({ ...fields, ...defined(stated) }, values);
  return Object.fromEntries(
    Object.entries(stated).map(([kind, set]) => [kind, isRecord(set) ? tidy({ ...fields, ...defined(set) }, values) : set]),
  );
}

/** Image encoders have positions along two axes, also where the file speaks of the default kind. */
function axial({ rope_type: kind }: SettingRecord): SettingRecord {
  return kind === 'axial' ? { rope_type: kind } : {};
}

/** One set for each kind of layer; what stood outside was of layers that see everything, or of those with a window. */
function nestedRope(values: SettingRecord, usual: SettingRecord): SettingRecord {
  const stated = recordOf(values['rope_parameters']) ?? {};
  const scaling = recordOf(values['rope_scaling']) ?? {};
  const thetas: SettingRecord = {
    full_attention: values['rope_theta'] ?? values['global_rope_theta'] ?? null,
    sliding_attention: values['rope_local_base_freq'] ?? values['local_rope_theta'] ?? null,
  };
  return Object.fromEntries(
    Object.entries(usual).map(([kind, set]) => {
      const own = { ...recordOf(stated[kind]), ...(kind === 'full_attention' ? scaling : {}) };
      const theta = thetas[kind] === null ? {} : { rope_theta: thetas[kind]! };
      return [kind, tidy({ ...(set as SettingRecord), ...theta, ...defined(own) }, values)];
    }),
  );
}

/** The parameters under the names and kinds of today, without what they have anyway. */
function tidy({ type, rope_type: stated, ...parameters }: SettingRecord, values: SettingRecord): SettingRecord {
  const kind = kindOf(stated ?? type ?? 'default', parameters);
  const original = values['original_max_position_embeddings'] ?? parameters['original_max_position_embeddings'];
  const length = stretched.has(kind) ? { original_max_position_embeddings: original ?? values['max_position_embeddings'] ?? null } : {};
  const all: SettingRecord = { ...parameters, ...length, rope_type: kind };
  return without(all, (name) => all[name] === null || all[name] === usualParameters[name]);
}

/** `su` and, in Phi-3, `yarn` were names of longrope; `mrope` is the default with three kinds of positions. */
function kindOf(stated: SettingValue, parameters: SettingRecord): SettingValue {
  if (stated === 'mrope') return 'default';
  return stated === 'su' || (stated === 'yarn' && 'short_factor' in parameters) ? 'longrope' : stated;
}

function defined(values: SettingRecord): SettingRecord {
  return without(values, (name) => values[name] === null);
}

/** Null for what is no record, and for an empty one, which counts as missing. */
function recordOf(value: SettingValue | undefined): SettingRecord | null {
  return isRecord(value) && Object.keys(value).length > 0 ? value : null;
}
