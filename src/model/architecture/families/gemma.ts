import { scoreOutside } from '../architectureError.js';
import type { Architecture, Attention, FeedForward } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import { gemma2Generation, gemma3Generation, type GemmaGeneration } from './gemmaGenerations.js';
import { readLayerTypes, type LayerType } from '../layerTypes.js';
import { llamaFrame } from './llamaFrame.js';
import { gatedExpansion, linear, normsOf, readActivation, separateProjections, type MakeNorm } from './parts.js';

export function gemma2(config: ConfigFields): Architecture {
  return gemma(config, gemma2Generation);
}

export function gemma3Text(config: ConfigFields): Architecture {
  return gemma(config, gemma3Generation);
}

/** The text part of a Gemma 3 that also reads images. */
export function gemma3(config: ConfigFields): Architecture {
  const architecture = gemma(config, gemma3Generation);
  const head = { ...architecture.head, modules: ['lm_head', 'language_model.lm_head'] };
  return { ...architecture, head, prefixes: ['language_model.model.', 'model.language_model.', 'language_model.'] };
}

function gemma(config: ConfigFields, generation: GemmaGeneration): Architecture {
  if (config.flag('use_bidirectional_attention', false)) throw config.fault('use_bidirectional_attention', 'false', scoreOutside);
  const dimensions = readDimensions(config);
  const { hiddenSize, layerCount } = dimensions;
  const norm = normsOf('rmsPlusOne', config.positive('rms_norm_eps'));
  const types = readLayerTypes(config, layerCount);
  const feedForward = feedForwardOf(config, dimensions, norm);
  return llamaFrame(config, dimensions, {
    family: generation.family,
    norm,
    layers: types.map((type) => ({
      attention: attentionOf(config, generation, type, dimensions, norm),
      feedForward,
      residual: 'sequential',
    })),
    tied: config.flag('tie_word_embeddings'),
    embeddingScale: Math.fround(hiddenSize ** 0.5),
    logitSoftCap: config.optionalPositive('final_logit_softcapping'),
  });
}

function attentionOf(
  config: ConfigFields,
  generation: GemmaGeneration,
  type: LayerType,
  dimensions: Dimensions,
  norm: MakeNorm,
): Attention {
  const { hiddenSize, heads, keyValueHeads, headSize } = dimensions;
  const bias = config.flag('attention_bias');
  return {
    inputNorm: norm('input_layernorm', hiddenSize),
    projections: separateProjections(dimensions, bias),
    queryNorm: generation.queryKeyNorm ? norm('self_attn.q_norm', headSize) : null,
    keyNorm: generation.queryKeyNorm ? norm('self_attn.k_norm', headSize) : null,
    heads,
    keyValueHeads,
    headSize,
    scale: config.positive('query_pre_attn_scalar') ** -0.5,
    softCap: config.optionalPositive('attn_logit_softcapping'),
    window: type === 'sliding_attention' ? config.size('sliding_window') : null,
    rope: generation.rope(config, type, headSize),
    output: linear('self_attn.o_proj', heads * headSize, hiddenSize, bias),
    outputNorm: norm('post_attention_layernorm', hiddenSize),
  };
}

function feedForwardOf(config: ConfigFields, dimensions: Dimensions, norm: MakeNorm): FeedForward {
  const { hiddenSize, intermediateSize } = dimensions;
  return {
    inputNorm: norm('pre_feedforward_layernorm', hiddenSize),
    expansion: gatedExpansion(dimensions, false),
    activation: readActivation(config, 'hidden_activation'),
    down: linear('mlp.down_proj', intermediateSize, hiddenSize, false),
    outputNorm: norm('post_feedforward_layernorm', hiddenSize),
  };
}
