import { blockTypes, isBlockType } from '../../checkpoint/index.js';
import type { Recogniser } from './definition.js';

/** Values that share a scale within a block of 256; blocks of the other types have one scale. Source: `quants.py` of gguf 0.19. */
const parts: Readonly<Record<string, number>> = {
  Q2_K: 16,
  Q3_K: 16,
  Q4_K: 32,
  Q5_K: 32,
  Q6_K: 16,
  IQ2_XXS: 32,
  IQ2_XS: 16,
  IQ2_S: 16,
  IQ3_XXS: 32,
  IQ3_S: 32,
  IQ1_S: 32,
  IQ1_M: 16,
  IQ4_XS: 32,
  NVFP4: 16,
};

/** Blocks of a GGUF file. A file mixes types: each tensor has its own. Types without a formula are compared as bytes. */
export const recogniseGgufBlocks: Recogniser = (codes) => {
  if (codes.blocks === undefined) return null;
  const { type, shape } = codes.blocks;
  const known = isBlockType(type) ? blockTypes[type] : null;
  return {
    name: codes.name,
    shape,
    storage: {
      kind: 'codes',
      scheme: 'gguf',
      name: `GGUF ${type}`,
      bits: known?.bits ?? null,
      block: known === null ? null : [1, parts[type] ?? known.values],
      parts: { codes },
      recipe: isBlockType(type) ? { kind: 'blocks', tensor: codes, shape, type } : null,
    },
  };
};
