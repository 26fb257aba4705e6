/** A value as `config.json` has it. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | SettingRecord;
export interface SettingRecord {
  readonly [name: string]: SettingValue;
}

/**
 * What a model's `config.json` means: one name and one value for each setting, however the file spells it, with the
 * library's value where the file leaves it out. Plain data that crosses processes.
 */
export interface ModelSettings {
  /** `model_type` as the file says; null when it does not. */
  readonly modelType: string | null;
  /** That of the language model: another one where a model that also reads images or sound wraps it. */
  readonly textModelType: string | null;
  /** Whether the library has that type, so that its defaults are filled in. */
  readonly isKnownType: boolean;
  /** Present where the values are only those that a file states (GGUF): what is not there is not known, and no default is meant. */
  readonly isPartial?: true;
  /**
   * By the name that the newest library gives a setting; those of a nested `text_config` stand with the others, those of
   * other parts in records of their own. Null, and what is neither stated nor has a known default, is left out.
   */
  readonly values: SettingRecord;
  /** Paths in the file of settings that it calls otherwise: `n_embd` for `hidden_size`, `text_config.head_dim` for `head_dim`. */
  readonly spellings: Readonly<Record<string, string>>;
}

/**
 * What a setting decides.
 * - `weights`: what the weights mean, although no shape shows it: numbers of heads, the activation.
 * - `shape`: sizes and parts that the tensors show as well.
 * - `forward`: what is computed with the same weights: wavelengths, a norm's epsilon, caps, windows.
 * - `unknown`: this tool does not know the setting; it may change what is computed.
 * - `generation`: ids of special tokens, and how text is sampled.
 * - `bookkeeping`: nothing that is computed: dropout in training, the dtype of loading, how weights are stored.
 */
export const settingEffects = ['weights', 'shape', 'forward', 'unknown', 'generation', 'bookkeeping'] as const;
export type SettingEffect = (typeof settingEffects)[number];

/** A setting that means something else in one version than in another. */
export interface SettingDifference {
  /** `rms_norm_eps`, `rope_parameters.rope_theta`, `vision_config.image_size`. */
  readonly name: string;
  /** Null where it is not set, or set to null, and no default of the library is known. */
  readonly a: SettingValue;
  readonly b: SettingValue;
  readonly effect: SettingEffect;
}
