import { scoreOutside } from '../architectureError.js';
import type { Architecture, Attention, FeedForward } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readRope, readRopeParameters } from '../readRope.js';
import type { Rope } from '../rope.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import { gatedFeedForward, linear, normsOf, readActivation, separateProjections, type MakeNorm } from './parts.js';
import { readLayerTypes, type LayerType } from './windows.js';

/** What tells Gemma 2 and 3 apart. */
interface Generation {
  readonly modelType: string;
  readonly family: string;
  readonly defaults: Partial<Dimensions>;
  readonly queryKeyNorm: boolean;
  readonly attentionSoftCap: number | null;
  readonly logitSoftCap: number | null;
  /** Every so many layers one attends to the whole sequence. */
  readonly windowPattern: (config: ConfigFields) => number;
  readonly rope: (config: ConfigFields, type: LayerType, headSize: number) => Rope;
}

const generation2: Generation = {
  modelType: 'gemma2',
  family: 'Gemma 2',
  defaults: { headSize: 256 },
  queryKeyNorm: false,
  attentionSoftCap: 50,
  logitSoftCap: 30,
  windowPattern: () => 2,
  rope: (config, _type, headSize) =>
    readRope(config, { headSize, theta: 10_000, thetaField: 'rope_theta', share: 1, shareField: 'partial_rotary_factor' }),
};

/** Published configs leave out what is as in the library: its defaults are part of the format. */
const generation3: Generation = {
  modelType: 'gemma3_text',
  family: 'Gemma 3',
  defaults: {
    hiddenSize: 2304,
    intermediateSize: 9216,
    layerCount: 26,
    heads: 8,
    keyValueHeads: 4,
    headSize: 256,
    vocabularySize: 262_208,
    contextLength: 131_072,
  },
  queryKeyNorm: true,
  attentionSoftCap: null,
  logitSoftCap: null,
  windowPattern: (config) => config.size('sliding_window_pattern', 6),
  rope: ropeOfLayerType,
};

export function gemma2(config: ConfigFields): Architecture {
  return gemma(config, generation2);
}

export function gemma3Text(config: ConfigFields): Architecture {
  return gemma(config, generation3);
}

/** The text part of a Gemma 3 that also reads images. */
export function gemma3(config: ConfigFields): Architecture {
  const text = config.optionalObject('text_config');
  if (text === null) throw config.fault('text_config', 'the config of the text model');
  const architecture = gemma(text, generation3);
  const head = { ...architecture.head, modules: ['lm_head', 'language_model.lm_head'], tied: config.flag('tie_word_embeddings', true) };
  return { ...architecture, modelType: 'gemma3', head, prefixes: ['language_model.model.', 'model.language_model.', 'language_model.'] };
}

function gemma(config: ConfigFields, generation: Generation): Architecture {
  if (config.flag('use_bidirectional_attention', false)) throw config.fault('use_bidirectional_attention', 'false', scoreOutside);
  const dimensions = readDimensions(config, generation.defaults);
  const { hiddenSize, vocabularySize, contextLength, layerCount } = dimensions;
  const norm = normsOf('rmsPlusOne', config.positive('rms_norm_eps', 1e-6));
  const pattern = generation.windowPattern(config);
  const types = readLayerTypes(config, layerCount, (layer) => (layer + 1) % pattern !== 0);
  const feedForward = feedForwardOf(config, dimensions, norm);
  const softCap = config.states('final_logit_softcapping') ? config.optionalPositive('final_logit_softcapping') : generation.logitSoftCap;
  return {
    file: config.file,
    modelType: generation.modelType,
    family: generation.family,
    hiddenSize,
    vocabularySize,
    contextLength,
    embedding: { module: 'embed_tokens', scale: Math.fround(hiddenSize ** 0.5), positionsModule: null },
    layers: types.map((type) => ({
      attention: attentionOf(config, generation, type, dimensions, norm),
      feedForward,
      residual: 'sequential',
    })),
    head: { norm: norm('norm', hiddenSize), modules: ['lm_head'], tied: config.flag('tie_word_embeddings', true), softCap },
    prefixes: ['model.', ''],
    layersModule: 'layers',
  };
}

function attentionOf(config: ConfigFields, generation: Generation, type: LayerType, dimensions: Dimensions, norm: MakeNorm): Attention {
  const { hiddenSize, heads, keyValueHeads, headSize } = dimensions;
  const bias = config.flag('attention_bias', false);
  const stated = config.states('attn_logit_softcapping');
  return {
    inputNorm: norm('input_layernorm', hiddenSize),
    projections: separateProjections(dimensions, bias),
    queryNorm: generation.queryKeyNorm ? norm('self_attn.q_norm', headSize) : null,
    keyNorm: generation.queryKeyNorm ? norm('self_attn.k_norm', headSize) : null,
    heads,
    keyValueHeads,
    headSize,
    scale: config.positive('query_pre_attn_scalar', 256) ** -0.5,
    softCap: stated ? config.optionalPositive('attn_logit_softcapping') : generation.attentionSoftCap,
    window: type === 'sliding_attention' ? config.size('sliding_window', 4096) : null,
    rope: generation.rope(config, type, headSize),
    output: linear('self_attn.o_proj', heads * headSize, hiddenSize, bias),
    outputNorm: norm('post_attention_layernorm', hiddenSize),
  };
}

function feedForwardOf(config: ConfigFields, dimensions: Dimensions, norm: MakeNorm): FeedForward {
  return {
    ...gatedFeedForward(dimensions, false),
    activation: readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh'),
    inputNorm: norm('pre_feedforward_layernorm', dimensions.hiddenSize),
    outputNorm: norm('post_feedforward_layernorm', dimensions.hiddenSize),
  };
}

/** Gemma 3 has one base for layers that see everything and another for those with a window. `rope_scaling` is of the former. */
function ropeOfLayerType(config: ConfigFields, type: LayerType, headSize: number): Rope {
  const [thetaField, theta] =
    type === 'full_attention' ? (['rope_theta', 1_000_000] as const) : (['rope_local_base_freq', 10_000] as const);
  const stated = config.optionalObject('rope_parameters')?.optionalObject(type) ?? null;
  const older = type === 'full_attention' ? config.optionalObject('rope_scaling') : null;
  return readRopeParameters(config, stated ?? older, { headSize, theta: config.positive(thetaField, theta), share: 1 });
}
