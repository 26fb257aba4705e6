import { scoreOutside } from './architectureError.js';
import type { ConfigFields } from './configFields.js';
import { layerTypes, type LayerType } from './layerTypes.js';
import type { Rope, RopeScaling } from './rope.js';

/**
 * Reads `rope_parameters`, of one kind of layer where a family has a set for each.
 *
 * `dynamic` scaling changes nothing within `max_position_embeddings`, the longest sequence that is read here.
 *
 * @throws ArchitectureError for a kind that is not known and for missing or odd parameters
 */
export function readRope(config: ConfigFields, headSize: number, layerType: LayerType | null = null): Rope {
  const all = config.object('rope_parameters');
  if (layerType === null && layerTypes.some((type) => all.isObject(type)))
    throw config.fault('rope_parameters', 'one set of parameters for all layers of this model_type');
  const parameters = layerType === null ? all : all.object(layerType);
  const share = parameters.positive('partial_rotary_factor', 1);
  const size = Math.trunc(headSize * share);
  if (size % 2 !== 0 || size < 2 || size > headSize)
    throw config.fault('head_dim', `an even number of rotated elements per head (${share} of ${headSize} are ${size})`);
  return { size, theta: parameters.positive('rope_theta'), scaling: readScaling(config, parameters, size) };
}

function readScaling(config: ConfigFields, parameters: ConfigFields, size: number): RopeScaling {
  const kind = parameters.text('rope_type');
  switch (kind) {
    case 'default':
    case 'dynamic':
      return { kind: 'none' };
    case 'linear':
      return { kind: 'linear', factor: parameters.positive('factor') };
    case 'llama3':
      return readLlama3(parameters);
    case 'yarn':
      return readYarn(config, parameters);
    case 'longrope':
      return readLongRope(config, parameters, size);
    default:
      throw parameters.fault('rope_type', 'default, linear, dynamic, llama3, yarn or longrope', scoreOutside);
  }
}

function readLlama3(parameters: ConfigFields): RopeScaling {
  const scaling = {
    kind: 'llama3',
    factor: parameters.positive('factor'),
    lowFrequencyFactor: parameters.positive('low_freq_factor'),
    highFrequencyFactor: parameters.positive('high_freq_factor'),
    original: parameters.size('original_max_position_embeddings'),
  } as const;
  if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor)
    throw parameters.fault('high_freq_factor', `more than low_freq_factor (${scaling.lowFrequencyFactor})`);
  return scaling;
}

function readYarn(config: ConfigFields, parameters: ConfigFields): RopeScaling {
  const original = parameters.size('original_max_position_embeddings');
  const factor = parameters.optionalPositive('factor') ?? config.size('max_position_embeddings') / original;
  return {
    kind: 'yarn',
    factor,
    betaFast: parameters.positive('beta_fast', 32),
    betaSlow: parameters.positive('beta_slow', 1),
    truncate: parameters.flag('truncate', true),
    original,
    attentionFactor: parameters.optionalPositive('attention_factor') ?? yarnAttentionFactor(parameters, factor),
  };
}

/** The factor that YaRN recommends, https://arxiv.org/abs/2309.00071 §3.4, and DeepSeek's variant of it. */
function yarnAttentionFactor(parameters: ConfigFields, factor: number): number {
  const recommended = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const scale = parameters.optionalPositive('mscale');
  const scaleAll = parameters.optionalPositive('mscale_all_dim');
  return scale === null || scaleAll === null ? recommended(1) : recommended(scale) / recommended(scaleAll);
}

function readLongRope(config: ConfigFields, parameters: ConfigFields, size: number): RopeScaling {
  const original = parameters.size('original_max_position_embeddings');
  const factor = parameters.optionalPositive('factor') ?? config.size('max_position_embeddings') / original;
  return {
    kind: 'longrope',
    short: parameters.positives('short_factor', size / 2),
    long: parameters.positives('long_factor', size / 2),
    original,
    attentionFactor: parameters.optionalPositive('attention_factor') ?? longRopeAttentionFactor(factor, original),
  };
}

/** The factor that LongRoPE recommends, https://arxiv.org/abs/2402.13753. */
function longRopeAttentionFactor(factor: number, original: number): number {
  return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
}
