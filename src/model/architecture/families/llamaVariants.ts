import type { ConfigFields } from '../configFields.js';
import { readLayerTypes } from '../layerTypes.js';

/** What tells the families apart whose configs and tensors are named as Llama's. */
export interface LlamaVariant {
  readonly family: string;
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
const attentionBias: Bias = (config) => config.flag('attention_bias');

export const llama: LlamaVariant = {
  family: 'Llama',
  norms: 'before',
  matrices: 'separate',
  projectionBias: attentionBias,
  outputBias: attentionBias,
  feedForwardBias: (config) => config.flag('mlp_bias'),
  queryKeyNorm: 'none',
  windows: noWindows,
};

export const mistral: LlamaVariant = {
  ...llama,
  family: 'Mistral',
  projectionBias: never,
  outputBias: never,
  feedForwardBias: never,
  windows: oneWindow,
};

export const qwen2: LlamaVariant = {
  ...mistral,
  family: 'Qwen2',
  projectionBias: always,
  windows: someWindows,
};

export const qwen3: LlamaVariant = {
  ...qwen2,
  family: 'Qwen3',
  projectionBias: attentionBias,
  outputBias: attentionBias,
  queryKeyNorm: 'head',
};

export const olmo2: LlamaVariant = {
  ...llama,
  family: 'OLMo 2',
  norms: 'after',
  feedForwardBias: never,
  queryKeyNorm: 'full',
};

export const phi3: LlamaVariant = {
  ...mistral,
  family: 'Phi-3',
  matrices: 'fused',
  windows: oneWindow,
};

function noWindows(_config: ConfigFields, layerCount: number): readonly null[] {
  return Array.from({ length: layerCount }, () => null);
}

/** The same window for all layers. */
function oneWindow(config: ConfigFields, layerCount: number): readonly (number | null)[] {
  const window = config.optionalSize('sliding_window');
  return Array.from({ length: layerCount }, () => window);
}

/** Qwen: a window in some layers, if windows are used at all. */
function someWindows(config: ConfigFields, layerCount: number): readonly (number | null)[] {
  const window = config.optionalSize('sliding_window');
  return readLayerTypes(config, layerCount).map((type) => (type === 'sliding_attention' ? window : null));
}
