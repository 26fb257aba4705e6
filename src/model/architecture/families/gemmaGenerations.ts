import type { ConfigFields } from '../configFields.js';
import { readRope } from '../readRope.js';
import type { Rope } from '../rope.js';
import type { LayerType } from '../layerTypes.js';

/** What tells Gemma 2 and 3 apart. */
export interface GemmaGeneration {
  readonly family: string;
  readonly queryKeyNorm: boolean;
  readonly rope: (config: ConfigFields, type: LayerType, headSize: number) => Rope;
}

export const gemma2Generation: GemmaGeneration = {
  family: 'Gemma 2',
  queryKeyNorm: false,
  rope: (config, _type, headSize) => readRope(config, headSize),
};

/** One base of wavelengths for layers that see everything, another for those with a window. */
export const gemma3Generation: GemmaGeneration = {
  family: 'Gemma 3',
  queryKeyNorm: true,
  rope: (config, type, headSize) => readRope(config, headSize, type),
};
