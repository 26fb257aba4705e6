import type { ConfigFields } from '../configFields.js';

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
 * Reads sizes.
 *
 * @throws ArchitectureError when a size is missing or the sizes do not fit together
 */
export function readDimensions(config: ConfigFields): Dimensions {
  const hiddenSize = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const keyValueHeads = config.optionalSize('num_key_value_heads') ?? heads;
  if (heads % keyValueHeads !== 0)
    throw config.fault('num_key_value_heads', `a divisor of ${config.nameInFile('num_attention_heads')} (${heads})`);
  return {
    hiddenSize,
    layerCount: config.size('num_hidden_layers'),
    heads,
    keyValueHeads,
    headSize: config.optionalSize('head_dim') ?? evenShare(config, hiddenSize, heads),
    intermediateSize: config.size('intermediate_size'),
    vocabularySize: config.size('vocab_size'),
    contextLength: config.contextLength('max_position_embeddings'),
  };
}

/** Size of a head where all heads together are as wide as the hidden states. */
export function evenShare(config: ConfigFields, hiddenSize: number, heads: number): number {
  if (hiddenSize % heads !== 0)
    throw config.fault('num_attention_heads', `a divisor of ${config.nameInFile('hidden_size')} (${hiddenSize})`);
  return hiddenSize / heads;
}
