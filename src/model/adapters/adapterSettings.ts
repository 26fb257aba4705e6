import type { JsonObject } from '../../base/json/readJson.js';

/**
 * What a checkpoint of an adapter says of itself: its tensors are factors or offsets of a base model's weights, not a
 * model. Fields that its files leave out are null or empty; nothing is assumed.
 */
export interface AdapterSettings {
  /** Whose file format and names it follows. `other`: told by the names of its tensors alone. */
  readonly format: 'peft' | 'mlx' | 'other';
  /** `LoRA`, `DoRA`, `LoKr`, `IA³`, `prompt tuning`…, as the field calls it. */
  readonly kind: string;
  /** Rank of every module that `rankPattern` does not name; without a file, that of the factors where they have one rank. */
  readonly rank: number | null;
  /** Ranks of modules whose names end in the key, or fit it as a regular expression. */
  readonly rankPattern: Readonly<Record<string, number>>;
  /** PEFT's `lora_alpha`: ΔW = alpha ∕ rank · B·A. */
  readonly alpha: number | null;
  readonly alphaPattern: Readonly<Record<string, number>>;
  /** MLX's `scale`: ΔW = scale · (A·B)ᵀ. */
  readonly scale: number | null;
  /** PEFT's rank-stabilised scaling: alpha ∕ √rank in place of alpha ∕ rank. */
  readonly usesRslora: boolean;
  /** Names of modules, or one regular expression; without a file, the modules that have factors, by their last segments. */
  readonly targetModules: readonly string[] | string | null;
  /** PEFT's `target_parameters`: weights that are no module of their own, such as fused experts. */
  readonly targetParameters: readonly string[];
  /** Modules that are stored whole beside the adapter, as its file says. */
  readonly modulesToSave: readonly string[];
  /** Names of the stored tensors that are no factors: whole modules, embeddings, biases. */
  readonly wholeTensors: readonly string[];
  /** Which biases are trained: `none`, `all`, `lora_only`. */
  readonly bias: string | null;
  readonly baseModel: string | null;
  /** PEFT's `init_lora_weights`: `true`, `false`, or a method such as `pissa`, which changes the base as well. */
  readonly initialisation: string | boolean | null;
  /** Settings as the adapter's file has them, for what has no field here. Empty without such a file. */
  readonly raw: JsonObject;
}
