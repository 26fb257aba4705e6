import type { Dtype } from '../../dtype.js';

/**
 * Element types of GGUF tensors. Source: `GGMLQuantizationType` and `GGML_QUANT_SIZES` of the Python package gguf 0.19 (`constants.py`),
 * and `enum ggml_type` of ggml for types that it no longer has.
 */

/** Types whose values lie in blocks of codes and scales, and have a formula here. */
export const blockTypes = {
  Q4_0: { values: 32, bytes: 18, bits: 4 },
  Q4_1: { values: 32, bytes: 20, bits: 4 },
  Q5_0: { values: 32, bytes: 22, bits: 5 },
  Q5_1: { values: 32, bytes: 24, bits: 5 },
  Q8_0: { values: 32, bytes: 34, bits: 8 },
  Q2_K: { values: 256, bytes: 84, bits: 2 },
  Q3_K: { values: 256, bytes: 110, bits: 3 },
  Q4_K: { values: 256, bytes: 144, bits: 4 },
  Q5_K: { values: 256, bytes: 176, bits: 5 },
  Q6_K: { values: 256, bytes: 210, bits: 6 },
  IQ2_XXS: { values: 256, bytes: 66, bits: 2 },
  IQ2_XS: { values: 256, bytes: 74, bits: 2 },
  IQ2_S: { values: 256, bytes: 82, bits: 2 },
  IQ3_XXS: { values: 256, bytes: 98, bits: 3 },
  IQ3_S: { values: 256, bytes: 110, bits: 3 },
  IQ1_S: { values: 256, bytes: 50, bits: 1 },
  IQ1_M: { values: 256, bytes: 56, bits: 1 },
  IQ4_NL: { values: 32, bytes: 18, bits: 4 },
  IQ4_XS: { values: 256, bytes: 136, bits: 4 },
  TQ1_0: { values: 256, bytes: 54, bits: 2 },
  TQ2_0: { values: 256, bytes: 66, bits: 2 },
  MXFP4: { values: 32, bytes: 17, bits: 4 },
  NVFP4: { values: 64, bytes: 36, bits: 4 },
} as const satisfies Record<string, BlockFacts>;

/** Size of one block, and bits of one of its codes. */
export interface BlockFacts {
  readonly values: number;
  readonly bytes: number;
  readonly bits: number;
}

/** A type of blocks that is decoded. */
export type BlockType = keyof typeof blockTypes;

export function isBlockType(name: string): name is BlockType {
  return Object.hasOwn(blockTypes, name);
}

/** What a number in a tensor's entry stands for. */
export type GgmlType =
  | { readonly kind: 'plain'; readonly name: string; readonly dtype: Dtype }
  /** Blocks of known size; `isBlockType(name)` says whether they are decoded. */
  | { readonly kind: 'blocks'; readonly name: string; readonly values: number; readonly bytes: number }
  /** A type whose blocks are not known, so that the place of the next tensor says where it ends. */
  | { readonly kind: 'unsized'; readonly name: string };

const plainTypes: Readonly<Record<number, Dtype>> = {
  0: 'F32',
  1: 'F16',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  30: 'BF16',
};

const blockTypeNumbers: Readonly<Record<number, BlockType>> = {
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
  40: 'NVFP4',
};

/** Types of blocks that the package has no formula for, and types of the past that were laid out for one kind of processor. */
const codedTypes: Readonly<Record<number, Readonly<{ name: string; values: number; bytes: number }>>> = {
  9: { name: 'Q8_1', values: 32, bytes: 40 },
  15: { name: 'Q8_K', values: 256, bytes: 292 },
  31: { name: 'Q4_0_4_4', values: 32, bytes: 18 },
  32: { name: 'Q4_0_4_8', values: 32, bytes: 18 },
  33: { name: 'Q4_0_8_8', values: 32, bytes: 18 },
  36: { name: 'IQ4_NL_4_4', values: 32, bytes: 18 },
  37: { name: 'IQ4_NL_4_8', values: 32, bytes: 18 },
  38: { name: 'IQ4_NL_8_8', values: 32, bytes: 18 },
  41: { name: 'Q1_0', values: 128, bytes: 18 },
};

/** The type of a number in a tensor's entry. Numbers without a name are those of forks and of later versions. */
export function ggmlType(number: number): GgmlType {
  const dtype = plainTypes[number];
  if (dtype !== undefined) return { kind: 'plain', name: dtype, dtype };
  const name = blockTypeNumbers[number];
  if (name !== undefined) return { kind: 'blocks', name, values: blockTypes[name].values, bytes: blockTypes[name].bytes };
  const coded = codedTypes[number];
  return coded === undefined ? { kind: 'unsized', name: `type ${number}` } : { kind: 'blocks', ...coded };
}
