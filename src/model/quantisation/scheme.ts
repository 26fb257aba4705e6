import type { Tensor } from '../../checkpoint/index.js';

/**
 * A way to store weights as codes, named by the formula that gives their values. `stated` is one that a file names and
 * this tool has no formula for (torchao, HQQ, AQLM…); `unknown` is one that only the stored tensors show.
 */
export type SchemeId =
  'block-fp8' | 'fp8' | 'mxfp4' | 'nvfp4' | 'gptq' | 'awq' | 'bitsandbytes' | 'compressed-tensors' | 'mlx' | 'stated' | 'unknown';

/** A weight's codes and what its formula needs beside them. Plain data that crosses threads. */
export interface CodedStorage {
  readonly kind: 'codes';
  readonly scheme: SchemeId;
  /** As people call it, without numbers: `GPTQ`, `bitsandbytes nf4`, `compressed-tensors pack-quantized`, `torchao`. */
  readonly name: string;
  /** Bits of one code; null when unknown. */
  readonly bits: number | null;
  /** Rows and columns of the weight that share a scale; null when unknown, or when no rectangle does. */
  readonly block: readonly [rows: number, columns: number] | null;
  /** Stored tensors by what they are to the formula: `codes`, `scales`, `zeros`, `absmax`… Never empty. */
  readonly parts: Readonly<Record<string, Tensor>>;
}

/** Weights of one model that are coded alike. */
export interface CodedGroup {
  readonly scheme: SchemeId;
  readonly name: string;
  readonly bits: number | null;
  readonly block: readonly [rows: number, columns: number] | null;
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
  /** What shows it, as clauses: `config.json says quant_method "gptq"`, `7 weights have "qweight" and "scales"`. */
  readonly evidence: readonly string[];
}
