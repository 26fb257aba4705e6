import type { Checkpoint, Tensor } from '../checkpoint/index.js';
import type { AdapterSettings } from './adapters/index.js';
import type { Parameter } from './parameters/index.js';
import type { Scheme } from './quantisation/index.js';
import type { ModelConfig, ModelSettings } from './settings/index.js';

/**
 * A version with what it means. `tensors` are what is stored; `parameters` are what the model's code would see, and
 * together with `buffers` they account for every stored tensor. Plain data that crosses processes.
 */
export interface Model extends Checkpoint {
  /** Present when a readable `config.json` lies beside the weights. */
  readonly config: ModelConfig | null;
  /** What that file means, for comparisons; null with `config`. */
  readonly settings: ModelSettings | null;
  readonly parameters: readonly Parameter[];
  /** Integers, counters, positions, precomputed tables: no parameters, and in no total. */
  readonly buffers: readonly Tensor[];
  /** How weights are quantised; null when every one is stored plainly. */
  readonly scheme: Scheme | null;
  /** Present when this is an adapter: its `parameters` are then those of the adapter, not of a model. */
  readonly adapter: AdapterSettings | null;
}
