import { scoreOutside } from '../architectureError.js';
import type { Architecture, Attention, FeedForward, Linear } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { evenShare } from './dimensions.js';
import { normsOf, readActivation, type MakeNorm } from './parts.js';

/** GPT-2: learned positions, LayerNorm, weights stored the other way round. */
export function gpt2(config: ConfigFields): Architecture {
  if (config.flag('add_cross_attention')) throw config.fault('add_cross_attention', 'false', scoreOutside);
  const hiddenSize = config.size('hidden_size');
  const norm = normsOf('layer', config.positive('layer_norm_epsilon'));
  const feedForward = feedForwardOf(config, hiddenSize, norm);
  return {
    file: config.file,
    family: 'GPT-2',
    hiddenSize,
    vocabularySize: config.size('vocab_size'),
    contextLength: config.contextLength('max_position_embeddings'),
    embedding: { module: 'wte', scale: 1, positionsModule: 'wpe' },
    layers: Array.from({ length: config.size('num_hidden_layers') }, (_, layer) => ({
      attention: attentionOf(config, hiddenSize, layer, norm),
      feedForward,
      residual: 'sequential',
    })),
    head: { norm: norm('ln_f', hiddenSize), modules: ['lm_head'], tied: config.flag('tie_word_embeddings'), softCap: null },
    prefixes: ['transformer.', ''],
    layersModule: 'h',
  };
}

function attentionOf(config: ConfigFields, hiddenSize: number, layer: number, norm: MakeNorm): Attention {
  const heads = config.size('num_attention_heads');
  const headSize = evenShare(config, hiddenSize, heads);
  return {
    inputNorm: norm('ln_1', hiddenSize),
    projections: { kind: 'fused', linear: transposedLinear('attn.c_attn', hiddenSize, 3 * hiddenSize) },
    queryNorm: null,
    keyNorm: null,
    heads,
    keyValueHeads: heads,
    headSize,
    scale: scaleOf(config, headSize, layer),
    softCap: null,
    window: null,
    rope: null,
    output: transposedLinear('attn.c_proj', hiddenSize, hiddenSize),
    outputNorm: null,
  };
}

function scaleOf(config: ConfigFields, headSize: number, layer: number): number {
  const scale = config.flag('scale_attn_weights') ? headSize ** -0.5 : 1;
  return config.flag('scale_attn_by_inverse_layer_idx') ? scale / (layer + 1) : scale;
}

function feedForwardOf(config: ConfigFields, hiddenSize: number, norm: MakeNorm): FeedForward {
  const intermediateSize = config.optionalSize('n_inner') ?? 4 * hiddenSize;
  return {
    inputNorm: norm('ln_2', hiddenSize),
    expansion: { kind: 'plain', up: transposedLinear('mlp.c_fc', hiddenSize, intermediateSize) },
    activation: readActivation(config, 'activation_function'),
    down: transposedLinear('mlp.c_proj', intermediateSize, hiddenSize),
    outputNorm: null,
  };
}

/** A dense layer stored as GPT-2's `Conv1D`, with a bias. */
function transposedLinear(module: string, inputSize: number, outputSize: number): Linear {
  return { module, inputSize, outputSize, bias: true, layout: 'inputOutput' };
}
