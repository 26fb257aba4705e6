/** A value as `config.json` has it. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | { readonly [key: string]: SettingValue };

/**
 * What a model's configuration means: one name and one value for each setting, however the file spells it, with the
 * library's value where the file leaves it out. Plain data that crosses processes.
 */
export interface ModelSettings {
  /** `model_type` of the language model, that of `text_config` where there is one; null when the file does not say. */
  readonly modelType: string | null;
  /** By name. A setting that is neither stated nor has a known default is absent; so is one that is null. */
  readonly values: Readonly<Record<string, SettingValue>>;
}

/**
 * What a setting decides.
 * - `weights`: what the weights mean, although no shape shows it: numbers of heads, the activation.
 * - `shape`: sizes that the tensors show as well.
 * - `forward`: what the model computes with the same weights: wavelengths, norms' epsilon, caps, windows.
 * - `generation`: where text begins and ends: ids of special tokens.
 * - `bookkeeping`: nothing that is computed: dropout in training, the dtype of loading, the longest context.
 * - `unknown`: this tool does not know the setting; it may change what the model computes.
 */
export const settingEffects = ['weights', 'shape', 'forward', 'unknown', 'generation', 'bookkeeping'] as const;
export type SettingEffect = (typeof settingEffects)[number];

/** A setting that two versions have differently. */
export interface SettingDifference {
  /** In the spelling of the newest library: `rope_parameters.rope_theta`. */
  readonly name: string;
  /** Null where it is not set, or set to null, and the library has no value of its own for it. */
  readonly a: SettingValue;
  readonly b: SettingValue;
  readonly effect: SettingEffect;
}
