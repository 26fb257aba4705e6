import type { Checkpoint } from '../checkpoint/index.js';
import type { ModelConfig, ModelSettings } from './settings/index.js';

/** A version with what it means: its stored tensors, and what the files beside them say. Plain data that crosses processes. */
export interface Model extends Checkpoint {
  /** Present when a readable `config.json` lies beside the weights. */
  readonly config: ModelConfig | null;
  /** What that file means, for comparisons; null with `config`. */
  readonly settings: ModelSettings | null;
}
