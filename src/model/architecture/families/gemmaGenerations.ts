import type { ConfigFields } from '../configFields.js';
import { readRope, readRopeParameters } from '../readRope.js';
import type { Rope } from '../rope.js';
import type { Dimensions } from './dimensions.js';
import type { LayerType } from './layerTypes.js';

/** What tells Gemma 2 and 3 apart. */
export interface GemmaGeneration {
  readonly family: string;
  /** The library's values of fields that published configs leave out. */
  readonly defaults: Partial<Dimensions>;
  readonly queryKeyNorm: boolean;
  readonly attentionSoftCap: number | null;
  readonly logitSoftCap: number | null;
  /** One layer in so many attends to the whole sequence. */
  readonly windowPattern: (config: ConfigFields) => number;
  readonly rope: (config: ConfigFields, type: LayerType, headSize: number) => Rope;
}

export const gemma2Generation: GemmaGeneration = {
  family: 'Gemma 2',
  defaults: { headSize: 256, contextLength: 8192 },
  queryKeyNorm: false,
  attentionSoftCap: 50,
  logitSoftCap: 30,
  windowPattern: () => 2,
  rope: (config, _type, headSize) => readRope(config, headSize),
};

/** The text part of published multimodal configs says only what differs from the library's values. */
export const gemma3Generation: GemmaGeneration = {
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

/** One base for layers that see everything, another for those with a window. In older configs `rope_scaling` is of the former. */
function ropeOfLayerType(config: ConfigFields, type: LayerType, headSize: number): Rope {
  const full = type === 'full_attention';
  const parameters =
    config.optionalObject('rope_parameters')?.optionalObject(type) ?? (full ? config.optionalObject('rope_scaling') : null);
  const theta = full ? config.positive('rope_theta', 1_000_000) : config.positive('rope_local_base_freq', 10_000);
  return readRopeParameters(config, parameters, { headSize, theta, share: 1 });
}
