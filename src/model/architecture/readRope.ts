import { scoreOutside } from './architectureError.js';
import type { ConfigFields } from './configFields.js';
import type { Rope, RopeScaling } from './rope.js';

/** Fields outside `rope_parameters`, by their names in a family's older configs. */
export interface RopeFields {
  /** Base of the wavelengths; 10,000 where it is missing. */
  readonly theta: string;
  /** Share of each head that is rotated. */
  readonly share: string;
  readonly defaultShare: number;
}

const usualFields: RopeFields = { theta: 'rope_theta', share: 'partial_rotary_factor', defaultShare: 1 };

/**
 * Reads `rope_parameters` or, as older configs have it, `rope_theta` and `rope_scaling`.
 *
 * `dynamic` scaling changes nothing within `max_position_embeddings`, the longest sequence that is read here.
 *
 * @throws ArchitectureError for a kind that is not known and for missing or odd parameters
 */
export function readRope(config: ConfigFields, headSize: number, fields: RopeFields = usualFields): Rope {
  const parameters = config.optionalObject('rope_scaling') ?? config.optionalObject('rope_parameters');
  refuseNested(config, parameters);
  const theta = config.positive(fields.theta, 10_000);
  return readRopeParameters(config, parameters, { headSize, theta, share: config.positive(fields.share, fields.defaultShare) });
}

/** Values where a set of parameters is silent. */
interface RopeDefaults {
  readonly headSize: number;
  readonly theta: number;
  readonly share: number;
}

/** Reads one set of rope parameters; `config` is the whole config, for the fields that stand outside the set. */
export function readRopeParameters(config: ConfigFields, parameters: ConfigFields | null, defaults: RopeDefaults): Rope {
  const { headSize } = defaults;
  const theta = parameters?.positive('rope_theta', defaults.theta) ?? defaults.theta;
  const share = parameters?.positive('partial_rotary_factor', defaults.share) ?? defaults.share;
  const size = Math.trunc(headSize * share);
  if (size % 2 !== 0 || size < 2 || size > headSize)
    throw config.fault('head_dim', `an even number of rotated elements per head (${share} of ${headSize} are ${size})`);
  return { size, theta, scaling: parameters === null ? { kind: 'none' } : readScaling(config, parameters, size) };
}

/** Parameters by kind of layer belong to families that have several kinds of rotary embedding. */
function refuseNested(config: ConfigFields, parameters: ConfigFields | null): void {
  if (parameters?.has('full_attention') || parameters?.has('sliding_attention'))
    throw config.fault('rope_parameters', 'one set of parameters for all layers of this model_type');
}

function readScaling(config: ConfigFields, parameters: ConfigFields, size: number): RopeScaling {
  const kind = parameters.text('rope_type', parameters.text('type', 'default'));
  switch (kind) {
    case 'default':
    case 'dynamic':
      return { kind: 'none' };
    case 'linear':
      return { kind: 'linear', factor: parameters.positive('factor') };
    case 'llama3':
      return readLlama3(config, parameters);
    case 'yarn':
      // Phi-3 called its first longrope `su` and `yarn`.
      return parameters.has('short_factor') ? readLongRope(config, parameters, size) : readYarn(config, parameters);
    case 'su':
    case 'longrope':
      return readLongRope(config, parameters, size);
    default:
      throw parameters.fault('rope_type', 'default, linear, dynamic, llama3, yarn or longrope', scoreOutside);
  }
}

function readLlama3(config: ConfigFields, parameters: ConfigFields): RopeScaling {
  const scaling = {
    kind: 'llama3',
    factor: parameters.positive('factor'),
    lowFrequencyFactor: parameters.positive('low_freq_factor'),
    highFrequencyFactor: parameters.positive('high_freq_factor'),
    original: originalLength(config, parameters),
  } as const;
  if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor)
    throw parameters.fault('high_freq_factor', `more than low_freq_factor (${scaling.lowFrequencyFactor})`);
  return scaling;
}

function readYarn(config: ConfigFields, parameters: ConfigFields): RopeScaling {
  const original = originalLength(config, parameters);
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
  const original = originalLength(config, parameters);
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

/** Context length of pretraining: a field of the config where there is one, else one of the parameters. */
function originalLength(config: ConfigFields, parameters: ConfigFields): number {
  const field = 'original_max_position_embeddings';
  return config.optionalSize(field) ?? parameters.optionalSize(field) ?? config.size('max_position_embeddings');
}
