import type { ConfigFields } from '../configFields.js';

/** Sizes that all configs but GPT-2's name alike. */
export interface Dimensions {
  readonly hiddenSize: number;
  readonly layerCount: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
}

/**
 * Reads sizes; `defaults` stand for fields that published configs of a family leave out.
 *
 * @throws ArchitectureError when a size is missing or the sizes do not fit together
 */
export function readDimensions(config: ConfigFields, defaults: Partial<Dimensions> = {}): Dimensions {
  const hiddenSize = config.size('hidden_size', defaults.hiddenSize);
  const heads = config.size('num_attention_heads', defaults.heads);
  const keyValueHeads = config.size('num_key_value_heads', defaults.keyValueHeads ?? heads);
  if (heads % keyValueHeads !== 0) throw config.fault('num_key_value_heads', `a divisor of num_attention_heads (${heads})`);
  return {
    hiddenSize,
    layerCount: config.size('num_hidden_layers', defaults.layerCount),
    heads,
    keyValueHeads,
    headSize: config.optionalSize('head_dim') ?? defaults.headSize ?? evenShare(config, hiddenSize, heads),
    intermediateSize: config.size('intermediate_size', defaults.intermediateSize),
    vocabularySize: config.size('vocab_size', defaults.vocabularySize),
    contextLength: config.contextLength('max_position_embeddings', defaults.contextLength),
  };
}

/** Size of a head where all heads together are as wide as the hidden states. */
function evenShare(config: ConfigFields, hiddenSize: number, heads: number): number {
  if (hiddenSize % heads !== 0) throw config.fault('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  return hiddenSize / heads;
}
