import type { Architecture, Attention, FeedForward } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readRope } from '../readRope.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import { linear, normsOf, readActivation, type MakeNorm } from './parts.js';

/** GPT-NeoX and Pythia: parallel residual, queries, keys and values interleaved by head, a part of each head rotated. */
export function gptNeox(config: ConfigFields): Architecture {
  const dimensions = readDimensions(config);
  const { hiddenSize, vocabularySize, contextLength, layerCount } = dimensions;
  const norm = normsOf('layer', config.positive('layer_norm_eps'));
  const layer = {
    attention: attentionOf(config, dimensions, norm),
    feedForward: feedForwardOf(config, dimensions, norm),
    residual: config.flag('use_parallel_residual') ? ('parallel' as const) : ('sequential' as const),
  };
  return {
    file: config.file,
    family: 'GPT-NeoX',
    hiddenSize,
    vocabularySize,
    contextLength,
    embedding: { module: 'embed_in', scale: 1, positionsModule: null },
    layers: Array.from({ length: layerCount }, () => layer),
    head: {
      norm: norm('final_layer_norm', hiddenSize),
      modules: ['embed_out', 'lm_head'],
      tied: config.flag('tie_word_embeddings'),
      softCap: null,
    },
    prefixes: ['gpt_neox.', ''],
    layersModule: 'layers',
  };
}

function attentionOf(config: ConfigFields, { hiddenSize, heads, headSize }: Dimensions, norm: MakeNorm): Attention {
  const bias = config.flag('attention_bias');
  return {
    inputNorm: norm('input_layernorm', hiddenSize),
    projections: { kind: 'interleaved', linear: linear('attention.query_key_value', hiddenSize, 3 * hiddenSize, bias) },
    queryNorm: null,
    keyNorm: null,
    heads,
    keyValueHeads: heads,
    headSize,
    scale: headSize ** -0.5,
    softCap: null,
    window: null,
    rope: readRope(config, headSize),
    output: linear('attention.dense', hiddenSize, hiddenSize, bias),
    outputNorm: null,
  };
}

function feedForwardOf(config: ConfigFields, { hiddenSize, intermediateSize }: Dimensions, norm: MakeNorm): FeedForward {
  return {
    inputNorm: norm('post_attention_layernorm', hiddenSize),
    expansion: { kind: 'plain', up: linear('mlp.dense_h_to_4h', hiddenSize, intermediateSize, true) },
    activation: readActivation(config, 'hidden_act'),
    down: linear('mlp.dense_4h_to_h', intermediateSize, hiddenSize, true),
    outputNorm: null,
  };
}
