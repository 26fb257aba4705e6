import { blockTypes, type BlockType } from '../../../checkpoint/index.js';
import { decodeInKernel, type KernelBlockType } from '../../simd/index.js';
import { prepareHalves, type BlockDecoder } from './blockDecoder.js';
import { decodeQ2_K, decodeQ3_K } from './kBlocks.js';
import { decodeIQ1_M, decodeIQ1_S, decodeIQ2_S, decodeIQ2_XS, decodeIQ2_XXS, decodeIQ3_S, decodeIQ3_XXS } from './latticeBlocks.js';
import { decodeQ4_1, decodeQ5_0, decodeQ5_1 } from './legacyBlocks.js';
import { decodeIQ4_NL, decodeIQ4_XS, decodeMXFP4, decodeNVFP4 } from './tableBlocks.js';
import { decodeTQ1_0, decodeTQ2_0 } from './ternaryBlocks.js';

export type { BlockDecoder } from './blockDecoder.js';

function byKernel(type: KernelBlockType): BlockDecoder {
  return (bytes, at, out, to, count) => decodeInKernel(type, blockTypes[type], bytes, at, out, to, count);
}

/** The decoder of a type of blocks; GGUF files have these. */
export function blockDecoder(type: BlockType): BlockDecoder {
  prepareHalves();
  return decoders[type];
}

const decoders: Readonly<Record<BlockType, BlockDecoder>> = {
  Q4_0: byKernel('Q4_0'),
  Q4_1: decodeQ4_1,
  Q5_0: decodeQ5_0,
  Q5_1: decodeQ5_1,
  Q8_0: byKernel('Q8_0'),
  Q2_K: decodeQ2_K,
  Q3_K: decodeQ3_K,
  Q4_K: byKernel('Q4_K'),
  Q5_K: byKernel('Q5_K'),
  Q6_K: byKernel('Q6_K'),
  IQ2_XXS: decodeIQ2_XXS,
  IQ2_XS: decodeIQ2_XS,
  IQ2_S: decodeIQ2_S,
  IQ3_XXS: decodeIQ3_XXS,
  IQ3_S: decodeIQ3_S,
  IQ1_S: decodeIQ1_S,
  IQ1_M: decodeIQ1_M,
  IQ4_NL: decodeIQ4_NL,
  IQ4_XS: decodeIQ4_XS,
  TQ1_0: decodeTQ1_0,
  TQ2_0: decodeTQ2_0,
  MXFP4: decodeMXFP4,
  NVFP4: decodeNVFP4,
};
