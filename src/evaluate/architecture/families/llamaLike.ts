import type { Attention, FeedForward, Layer, Norm } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readRope } from '../readRope.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import type { Family } from './index.js';
import { gatedFeedForward, linear, normsOf, readActivation, separateProjections, type MakeNorm } from './parts.js';
import { readLayerTypes } from './windows.js';

/** What tells the families apart whose configs and tensors are named as Llama's. */
interface Variant {
  readonly family: string;
  /** Norms before attention and feed-forward part, or after them as in OLMo 2. */
  readonly norms: 'before' | 'after';
  readonly epsilon: number;
  readonly headSize?: number;
  readonly projectionBias: (config: ConfigFields) => boolean;
  readonly outputBias: (config: ConfigFields) => boolean;
  readonly feedForwardBias: (config: ConfigFields) => boolean;
  /** Norms of queries and keys: of each head, or of all heads together. */
  readonly queryKeyNorm: 'none' | 'head' | 'full';
  /** Window of each layer. */
  readonly windows: (config: ConfigFields, layerCount: number) => readonly (number | null)[];
}

const always = () => true;
const never = () => false;
const attentionBias = (config: ConfigFields) => config.flag('attention_bias', false);
const noWindows = (_config: ConfigFields, layerCount: number) => Array.from({ length: layerCount }, () => null);

const llama: Variant = {
  family: 'Llama',
  norms: 'before',
  epsilon: 1e-6,
  projectionBias: attentionBias,
  outputBias: attentionBias,
  feedForwardBias: (config) => config.flag('mlp_bias', false),
  queryKeyNorm: 'none',
  windows: noWindows,
};

const mistral: Variant = {
  ...llama,
  family: 'Mistral',
  projectionBias: never,
  outputBias: never,
  feedForwardBias: never,
  windows: sameWindow,
};

const qwen2: Variant = { ...mistral, family: 'Qwen2', projectionBias: always, windows: lateWindows };

const qwen3: Variant = {
  ...qwen2,
  family: 'Qwen3',
  headSize: 128,
  projectionBias: attentionBias,
  outputBias: attentionBias,
  queryKeyNorm: 'head',
};

const olmo2: Variant = { ...llama, family: 'OLMo 2', norms: 'after', epsilon: 1e-5, feedForwardBias: never, queryKeyNorm: 'full' };

/** Llama and its relatives, by `model_type`. */
export const llamaLike = {
  llama: familyOf(llama),
  mistral: familyOf(mistral),
  qwen2: familyOf(qwen2),
  qwen3: familyOf(qwen3),
  olmo2: familyOf(olmo2),
} satisfies Readonly<Record<string, Family>>;

function familyOf(variant: Variant): Family {
  return (config) => {
    const dimensions = readDimensions(config, variant.headSize === undefined ? {} : { headSize: variant.headSize });
    const norm = normsOf('rms', config.positive('rms_norm_eps', variant.epsilon));
    const { hiddenSize, vocabularySize, contextLength, layerCount } = dimensions;
    return {
      file: config.file,
      modelType: config.text('model_type'),
      family: variant.family,
      hiddenSize,
      vocabularySize,
      contextLength,
      embedding: { module: 'embed_tokens', scale: 1, positionsModule: null },
      layers: layersOf(config, variant, dimensions, norm, variant.windows(config, layerCount)),
      head: { norm: norm('norm', hiddenSize), modules: ['lm_head'], tied: config.flag('tie_word_embeddings', false), softCap: null },
      prefixes: ['model.', ''],
      layersModule: 'layers',
    };
  };
}

function layersOf(
  config: ConfigFields,
  variant: Variant,
  dimensions: Dimensions,
  norm: MakeNorm,
  windows: readonly (number | null)[],
): Layer[] {
  const attention = attentionOf(config, variant, dimensions, norm);
  const feedForward = feedForwardOf(config, variant, dimensions, norm);
  return windows.map((window) => ({ attention: { ...attention, window }, feedForward, residual: 'sequential' }));
}

function attentionOf(config: ConfigFields, variant: Variant, dimensions: Dimensions, norm: MakeNorm): Omit<Attention, 'window'> {
  const { hiddenSize, heads, keyValueHeads, headSize } = dimensions;
  const normed = (module: string, count: number): Norm | null =>
    variant.queryKeyNorm === 'none' ? null : norm(`self_attn.${module}`, variant.queryKeyNorm === 'head' ? headSize : count * headSize);
  return {
    inputNorm: variant.norms === 'before' ? norm('input_layernorm', hiddenSize) : null,
    projections: separateProjections(dimensions, variant.projectionBias(config)),
    queryNorm: normed('q_norm', heads),
    keyNorm: normed('k_norm', keyValueHeads),
    heads,
    keyValueHeads,
    headSize,
    scale: headSize ** -0.5,
    softCap: null,
    rope: readRope(config, { headSize, theta: 10_000, thetaField: 'rope_theta', share: 1, shareField: 'partial_rotary_factor' }),
    output: linear('self_attn.o_proj', heads * headSize, hiddenSize, variant.outputBias(config)),
    outputNorm: variant.norms === 'after' ? norm('post_attention_layernorm', hiddenSize) : null,
  };
}

function feedForwardOf(config: ConfigFields, variant: Variant, dimensions: Dimensions, norm: MakeNorm): FeedForward {
  return {
    ...gatedFeedForward(dimensions, variant.feedForwardBias(config)),
    activation: readActivation(config, 'hidden_act', 'silu'),
    inputNorm: variant.norms === 'before' ? norm('post_attention_layernorm', dimensions.hiddenSize) : null,
    outputNorm: variant.norms === 'after' ? norm('post_feedforward_layernorm', dimensions.hiddenSize) : null,
  };
}

/** Mistral: all layers have one window, 4096 where the config does not say. */
function sameWindow(config: ConfigFields, layerCount: number): readonly (number | null)[] {
  const window = config.states('sliding_window') ? config.optionalSize('sliding_window') : 4096;
  return Array.from({ length: layerCount }, () => window);
}

/** Qwen: layers from `max_window_layers` on, if windows are used at all. */
function lateWindows(config: ConfigFields, layerCount: number): readonly (number | null)[] {
  if (!config.flag('use_sliding_window', false)) return noWindows(config, layerCount);
  const window = config.size('sliding_window', 4096);
  const first = config.count('max_window_layers', 28);
  return readLayerTypes(config, layerCount, (layer) => layer >= first).map((type) => (type === 'sliding_attention' ? window : null));
}
