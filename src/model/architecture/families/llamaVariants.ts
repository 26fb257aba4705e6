import type { ConfigFields } from '../configFields.js';
import type { Dimensions } from './dimensions.js';
import { readLayerTypes } from './layerTypes.js';

/** What tells the families apart whose configs and tensors are named as Llama's. */
export interface LlamaVariant {
  readonly family: string;
  /** The library's values of fields that older configs leave out. */
  readonly defaults: Partial<Dimensions>;
  readonly epsilon: number;
  /** Norms before attention and feed-forward part, or after them as in OLMo 2. */
  readonly norms: 'before' | 'after';
  /** One matrix for each of query, key, value, gate and up; or, as in Phi-3, query, key and value in one, gate and up in another. */
  readonly matrices: 'separate' | 'fused';
  readonly projectionBias: Bias;
  readonly outputBias: Bias;
  readonly feedForwardBias: Bias;
  /** Norms of queries and keys: of each head, or of all heads together. */
  readonly queryKeyNorm: 'none' | 'head' | 'full';
  /** Window of each layer. */
  readonly windows: (config: ConfigFields, layerCount: number) => readonly (number | null)[];
}

type Bias = (config: ConfigFields) => boolean;

const always: Bias = () => true;
const never: Bias = () => false;
const attentionBias: Bias = (config) => config.flag('attention_bias', false);

export const llama: LlamaVariant = {
  family: 'Llama',
  defaults: { contextLength: 2048 },
  epsilon: 1e-6,
  norms: 'before',
  matrices: 'separate',
  projectionBias: attentionBias,
  outputBias: attentionBias,
  feedForwardBias: (config) => config.flag('mlp_bias', false),
  queryKeyNorm: 'none',
  windows: noWindows,
};

export const mistral: LlamaVariant = {
  ...llama,
  family: 'Mistral',
  defaults: { contextLength: 131_072 },
  projectionBias: never,
  outputBias: never,
  feedForwardBias: never,
  windows: oneWindow(4096),
};

export const qwen2: LlamaVariant = {
  ...mistral,
  family: 'Qwen2',
  defaults: { contextLength: 32_768 },
  projectionBias: always,
  windows: lateWindows,
};

export const qwen3: LlamaVariant = {
  ...qwen2,
  family: 'Qwen3',
  defaults: { contextLength: 32_768, headSize: 128 },
  projectionBias: attentionBias,
  outputBias: attentionBias,
  queryKeyNorm: 'head',
};

export const olmo2: LlamaVariant = {
  ...llama,
  family: 'OLMo 2',
  epsilon: 1e-5,
  norms: 'after',
  feedForwardBias: never,
  queryKeyNorm: 'full',
};

export const phi3: LlamaVariant = {
  ...mistral,
  family: 'Phi-3',
  defaults: { contextLength: 4096 },
  epsilon: 1e-5,
  matrices: 'fused',
  windows: oneWindow(null),
};

function noWindows(_config: ConfigFields, layerCount: number): readonly null[] {
  return Array.from({ length: layerCount }, () => null);
}

/** The same window for all layers. */
function oneWindow(fallback: number | null): LlamaVariant['windows'] {
  return (config, layerCount) => {
    const window = config.sizeOrNull('sliding_window', fallback);
    return Array.from({ length: layerCount }, () => window);
  };
}

/** Qwen: layers from `max_window_layers` on, if windows are used at all. */
function lateWindows(config: ConfigFields, layerCount: number): readonly (number | null)[] {
  if (!config.flag('use_sliding_window', false)) return noWindows(config, layerCount);
  const window = config.size('sliding_window', 4096);
  const first = config.count('max_window_layers', 28);
  return readLayerTypes(config, layerCount, (layer) => layer >= first).map((type) => (type === 'sliding_attention' ? window : null));
}
