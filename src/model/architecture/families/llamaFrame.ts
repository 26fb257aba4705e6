import type { Architecture, Layer } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import type { Dimensions } from './dimensions.js';
import type { MakeNorm } from './parts.js';

/** What differs between families around their layers. */
export interface FrameParts {
  readonly family: string;
  readonly norm: MakeNorm;
  readonly layers: readonly Layer[];
  readonly tied: boolean;
  readonly embeddingScale: number;
  readonly logitSoftCap: number | null;
}

/** A model whose tensors outside layers are named as Llama's: `model.embed_tokens`, `model.norm`, `lm_head`. */
export function llamaFrame(config: ConfigFields, dimensions: Dimensions, parts: FrameParts): Architecture {
  const { hiddenSize, vocabularySize, contextLength } = dimensions;
  const { family, norm, layers, tied, embeddingScale, logitSoftCap } = parts;
  return {
    file: config.file,
    family,
    hiddenSize,
    vocabularySize,
    contextLength,
    embedding: { module: 'embed_tokens', scale: embeddingScale, positionsModule: null },
    layers,
    head: { norm: norm('norm', hiddenSize), modules: ['lm_head'], tied, softCap: logitSoftCap },
    prefixes: ['model.', ''],
    layersModule: 'layers',
  };
}
