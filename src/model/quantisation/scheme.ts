import type { Tensor } from '../../checkpoint/index.js';
import type { Recipe } from '../recipe/index.js';

/**
 * A way to store weights as codes, named by the formula that gives their values. `stated` is one that a file names and
 * this tool has no formula for (torchao, HQQ, AQLM…); `unknown` is one that only the stored tensors show.
 */
export type SchemeId =
  | 'block-fp8'
  | 'fp8'
  | 'mxfp4'
  | 'mxfp8'
  | 'nvfp4'
  | 'gptq'
  | 'awq'
  | 'bitsandbytes'
  | 'compressed-tensors'
  | 'mlx'
  | 'gguf'
  | 'stated'
  | 'unknown';

/** Rows and columns of a weight that share a scale; null for all of them. `[1, null]` is a scale for each row. */
export type ScaleBlock = readonly [rows: number | null, columns: number | null];

/** How one weight is coded. */
export interface Coding {
  readonly scheme: SchemeId;
  /** As people call it, without numbers: `GPTQ`, `bitsandbytes nf4`, `compressed-tensors pack-quantized`, `torchao`. */
  readonly name: string;
  /** Bits of one code; null when unknown. */
  readonly bits: number | null;
  /** Null when unknown, or when what shares a scale is no rectangle. */
  readonly block: ScaleBlock | null;
}

/** A weight's codes and what its formula needs beside them. Plain data that crosses threads. */
export interface CodedStorage extends Coding {
  readonly kind: 'codes';
  /** Stored tensors by what they are to the formula: `codes`, `scales`, `zeros`, `absmax`… Never empty. */
  readonly parts: Readonly<Record<string, Tensor>>;
  /** How the values come of the parts; null where this tool has no formula for the scheme, or not for this layout of it. */
  readonly recipe: Recipe | null;
}

/** A weight that is stored as codes. */
export interface CodedWeight {
  /** As the unquantised model calls it. */
  readonly name: string;
  /** As the unquantised model has it; null when the scheme is not understood. */
  readonly shape: readonly number[] | null;
  readonly storage: CodedStorage;
}

/** Weights of one model that are coded alike. */
export interface CodedGroup extends Coding {
  /** How many weights. */
  readonly count: number;
}

/** How a model's weights are quantised, over all of them. A model whose weights are all plain has none. */
export interface Scheme {
  /** For people: `GPTQ (4 bits, groups of 128)`; joined by "and" where weights are coded in several ways. */
  readonly name: string;
  /** `quant_method` (or its equivalent) as a file beside the weights states it. */
  readonly method: string | null;
  /** Most frequent first. */
  readonly groups: readonly CodedGroup[];
  /** What shows it, as a sentence: `12 of 21 weights are stored as GPTQ (4 bits, groups of 64), as config.json says.` */
  readonly evidence: string;
}
