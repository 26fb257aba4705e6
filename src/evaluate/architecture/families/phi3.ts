import type { Architecture, Attention, FeedForward } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readRope } from '../readRope.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import { linear, normsOf, readActivation, type MakeNorm } from './parts.js';

/** Phi-3: Llama with queries, keys and values in one matrix, and gate and up in another. */
export function phi3(config: ConfigFields): Architecture {
  const dimensions = readDimensions(config);
  const { hiddenSize, vocabularySize, contextLength, layerCount } = dimensions;
  const norm = normsOf('rms', config.positive('rms_norm_eps', 1e-5));
  const layer = { attention: attentionOf(config, dimensions, norm), feedForward: feedForwardOf(config, dimensions, norm) };
  return {
    file: config.file,
    modelType: 'phi3',
    family: 'Phi-3',
    hiddenSize,
    vocabularySize,
    contextLength,
    embedding: { module: 'embed_tokens', scale: 1, positionsModule: null },
    layers: Array.from({ length: layerCount }, () => ({ ...layer, residual: 'sequential' })),
    head: { norm: norm('norm', hiddenSize), modules: ['lm_head'], tied: config.flag('tie_word_embeddings', false), softCap: null },
    prefixes: ['model.', ''],
    layersModule: 'layers',
  };
}

function attentionOf(config: ConfigFields, { hiddenSize, heads, keyValueHeads, headSize }: Dimensions, norm: MakeNorm): Attention {
  const projected = (heads + 2 * keyValueHeads) * headSize;
  return {
    inputNorm: norm('input_layernorm', hiddenSize),
    projections: { kind: 'fused', linear: linear('self_attn.qkv_proj', hiddenSize, projected, false) },
    queryNorm: null,
    keyNorm: null,
    heads,
    keyValueHeads,
    headSize,
    scale: headSize ** -0.5,
    softCap: null,
    window: config.optionalSize('sliding_window'),
    rope: readRope(config, { headSize, theta: 10_000, thetaField: 'rope_theta', share: 1, shareField: 'partial_rotary_factor' }),
    output: linear('self_attn.o_proj', heads * headSize, hiddenSize, false),
    outputNorm: null,
  };
}

function feedForwardOf(config: ConfigFields, { hiddenSize, intermediateSize }: Dimensions, norm: MakeNorm): FeedForward {
  return {
    inputNorm: norm('post_attention_layernorm', hiddenSize),
    expansion: { kind: 'fusedGated', gateUp: linear('mlp.gate_up_proj', hiddenSize, 2 * intermediateSize, false) },
    activation: readActivation(config, 'hidden_act', 'silu'),
    down: linear('mlp.down_proj', intermediateSize, hiddenSize, false),
    outputNorm: null,
  };
}
