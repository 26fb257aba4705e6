import type { Architecture, Attention, AttentionProjections, Expansion, FeedForward, Layer } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { readRope } from '../readRope.js';
import { readDimensions, type Dimensions } from './dimensions.js';
import { llamaFrame } from './llamaFrame.js';
import type { LlamaVariant } from './llamaVariants.js';
import { gatedExpansion, linear, normsOf, readActivation, separateProjections, type MakeNorm } from './parts.js';

/** The reader of configs of one variant. */
export function llamaLike(variant: LlamaVariant): (config: ConfigFields) => Architecture {
  return (config) => {
    const dimensions = readDimensions(config);
    const norm = normsOf('rms', config.positive('rms_norm_eps'));
    const layers = layersOf(config, variant, dimensions, norm);
    const tied = config.flag('tie_word_embeddings');
    return llamaFrame(config, dimensions, { family: variant.family, norm, layers, tied, embeddingScale: 1, logitSoftCap: null });
  };
}

function layersOf(config: ConfigFields, variant: LlamaVariant, dimensions: Dimensions, norm: MakeNorm): Layer[] {
  const attention = attentionOf(config, variant, dimensions, norm);
  const feedForward = feedForwardOf(config, variant, dimensions, norm);
  const windows = variant.windows(config, dimensions.layerCount);
  return windows.map((window) => ({ attention: { ...attention, window }, feedForward, residual: 'sequential' }));
}

function attentionOf(config: ConfigFields, variant: LlamaVariant, dimensions: Dimensions, norm: MakeNorm): Omit<Attention, 'window'> {
  const { hiddenSize, heads, keyValueHeads, headSize } = dimensions;
  const normOf = (module: string, count: number) =>
    variant.queryKeyNorm === 'none' ? null : norm(`self_attn.${module}`, variant.queryKeyNorm === 'head' ? headSize : count * headSize);
  return {
    inputNorm: variant.norms === 'before' ? norm('input_layernorm', hiddenSize) : null,
    projections: projectionsOf(config, variant, dimensions),
    queryNorm: normOf('q_norm', heads),
    keyNorm: normOf('k_norm', keyValueHeads),
    heads,
    keyValueHeads,
    headSize,
    scale: headSize ** -0.5,
    softCap: null,
    rope: readRope(config, headSize),
    output: linear('self_attn.o_proj', heads * headSize, hiddenSize, variant.outputBias(config)),
    outputNorm: variant.norms === 'after' ? norm('post_attention_layernorm', hiddenSize) : null,
  };
}

function projectionsOf(config: ConfigFields, variant: LlamaVariant, dimensions: Dimensions): AttentionProjections {
  const { hiddenSize, heads, keyValueHeads, headSize } = dimensions;
  const bias = variant.projectionBias(config);
  if (variant.matrices === 'separate') return separateProjections(dimensions, bias);
  return { kind: 'fused', linear: linear('self_attn.qkv_proj', hiddenSize, (heads + 2 * keyValueHeads) * headSize, bias) };
}

function feedForwardOf(config: ConfigFields, variant: LlamaVariant, dimensions: Dimensions, norm: MakeNorm): FeedForward {
  const { hiddenSize, intermediateSize } = dimensions;
  return {
    inputNorm: variant.norms === 'before' ? norm('post_attention_layernorm', hiddenSize) : null,
    expansion: expansionOf(config, variant, dimensions),
    activation: readActivation(config, 'hidden_act'),
    down: linear('mlp.down_proj', intermediateSize, hiddenSize, variant.feedForwardBias(config)),
    outputNorm: variant.norms === 'after' ? norm('post_feedforward_layernorm', hiddenSize) : null,
  };
}

function expansionOf(config: ConfigFields, variant: LlamaVariant, dimensions: Dimensions): Expansion {
  const bias = variant.feedForwardBias(config);
  if (variant.matrices === 'separate') return gatedExpansion(dimensions, bias);
  return { kind: 'fusedGated', gateUp: linear('mlp.gate_up_proj', dimensions.hiddenSize, 2 * dimensions.intermediateSize, bias) };
}
