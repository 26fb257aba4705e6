import type { Dtype, Finding } from '../../checkpoint/index.js';
import type { EngineChoice } from '../../compute/engineChoice.js';
import type { PrefixRule } from '../../model/names/index.js';
import type { MapRule } from '../../model/correspondence/index.js';
import type { DeltaStatistics } from './statistics.js';

export type { EngineChoice, MapRule, PrefixRule };

/**
 * - `identical`: stored alike, and every byte is equal.
 * - `equal`: other bytes, equal up to rounding: two adapters whose ΔW differ by less than `productTolerance` of their norm.
 * - `changed`: stored alike, other bytes. Values may be equal all the same: zeros of another sign, the same values from other codes.
 * - `retyped`: same shape, another dtype or quantisation; values compared across them.
 * - `grown`, `shrunk`: as `changed`, but B has more rows, or fewer (a vocabulary); the shared rows are compared.
 * - `reshaped`: shapes that cannot be compared.
 * - `added`, `removed`: only in B, only in A.
 * - `unread`: not compared, because values of one side are not read and its bytes have no counterpart; equal or not is unknown.
 */
export const tensorStatuses = [
  'identical',
  'equal',
  'changed',
  'retyped',
  'grown',
  'shrunk',
  'reshaped',
  'added',
  'removed',
  'unread',
] as const;
export type TensorStatus = (typeof tensorStatuses)[number];

/** Norms of ΔW that come of factors alone are exact up to this part of the larger ‖ΔW‖; what differs less is equal up to rounding. */
export const productTolerance = 1e-6;

/** A status in words. */
export function statusText(status: TensorStatus): string {
  return status === 'equal' ? 'equal up to rounding' : status;
}

/** Statistics, or null in every field where there was nothing to compare. */
export type MaybeStatistics = { readonly [Field in keyof DeltaStatistics]: DeltaStatistics[Field] | null };

/** Nothing was compared. */
export const noStatistics: MaybeStatistics = {
  comparedCount: null,
  normA: null,
  normB: null,
  normDelta: null,
  relativeChange: null,
  cosine: null,
  maxAbsDelta: null,
  maxAbsDeltaIndex: null,
  meanDelta: null,
  changedCount: null,
  signFlips: null,
  nonFiniteA: null,
  nonFiniteB: null,
  histogram: null,
};

/** Elements of codes that were compared as bytes, and how many of them differ. */
export interface CodeCounts {
  readonly compared: number;
  readonly changed: number;
}

/** Parameters of a group that both sides have values of, or equal bytes, and how many there are on the side that has more. */
export interface Coverage {
  readonly compared: number;
  readonly parameters: number;
  /** Weights in codes that are not understood: how many parameters they stand for is unknown, and they are not compared by value. */
  readonly uncountedWeights: number;
}

/** One tensor of the comparison: matched by name, or present on one side only. */
export interface TensorDiff extends MaybeStatistics {
  /** `buffer`: integers, positions, tables: its statistics are its own, and enter no total. */
  readonly kind: 'parameter' | 'buffer';
  /** How weights in codes are quantised, on each side; null where they are stored plainly. */
  readonly schemeA: string | null;
  readonly schemeB: string | null;
  /** Null where nothing was compared as bytes. */
  readonly codes: CodeCounts | null;
  /** Name in A, or in B when A lacks it. */
  readonly name: string;
  /** Name in B where it is another one; of several tensors the first, and how many more. Else null. */
  readonly nameB: string | null;
  /** Why both are one, as clauses: `equal name`, `rows 0..4095 of qkv_proj`. Null for what has no counterpart, and in earlier reports. */
  readonly matchedBy: string | null;
  readonly status: TensorStatus;
  /** Key of the `LayerDiff` it belongs to. */
  readonly layer: string;
  /** Module kind, the column of the heat map: `self_attn.q_proj`. */
  readonly module: string;
  readonly dtypeA: Dtype | null;
  readonly dtypeB: Dtype | null;
  readonly shapeA: readonly number[] | null;
  readonly shapeB: readonly number[] | null;
}

/** How many tensors have each status. Every status is present. */
export type StatusCounts = Readonly<Record<TensorStatus, number>>;

/** Tensors taken together: statistics as if their compared values were one long vector. */
export interface GroupDiff extends MaybeStatistics {
  /** How much of the group its statistics speak of; null in reports of before this was recorded. */
  readonly coverage: Coverage | null;
  readonly tensorCount: number;
  readonly statuses: StatusCounts;
}

/** A module kind, within one layer or over the whole model. */
export interface ModuleDiff extends GroupDiff {
  readonly module: string;
}

/** One layer, or the group of tensors outside all layers (`key` is then empty). */
export interface LayerDiff extends GroupDiff {
  /** `model.layers.12`; unique. Empty for tensors outside layers. */
  readonly key: string;
  /** What a row of the heat map is called: `layer 12`, `outside layers`. */
  readonly label: string;
  readonly modules: readonly ModuleDiff[];
}

/** One side of the comparison, as far as a report needs it. */
export interface ReportSide {
  readonly path: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly architecture: string | null;
  readonly tensorCount: number;
  readonly parameterCount: number;
  /** `GPTQ (4 bits, groups of 128)`; null where all weights are stored plainly. */
  readonly scheme: string | null;
  /** What kind of adapter it is, for people; null for a model. */
  readonly adapter: string | null;
  readonly byteLength: number;
  /** Dtypes with the number of tensors that have them, most frequent first. */
  readonly dtypes: readonly (readonly [string, number])[];
  readonly findings: readonly Finding[];
  /** Files beside the weights that a person may want to compare as text: `config.json`, `tokenizer_config.json`, … */
  readonly textFiles: readonly string[];
}

/** One entry of what differs beside the tensors, with its text on each side; null where a side lacks it. */
export interface CompanionDifference {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** What two versions do not have in common beside their tensors. */
export interface CompanionDifferences {
  /** Settings of the model's code, by meaning: defaults filled in, spellings made one. */
  readonly settings: readonly CompanionDifference[];
  /** Settings of an adapter. */
  readonly adapter: readonly CompanionDifference[];
  /**
   * Settings of an adapter that its ΔW tells, which is compared: rank, alpha, modules; and those of its training. No difference of what
   * it computes, so that none of them counts.
   */
  readonly making: readonly CompanionDifference[];
  /** Entries of the headers' `__metadata__`. */
  readonly metadata: readonly CompanionDifference[];
  /** Files of the tokenizer and of generation whose bytes differ, with a short fingerprint on each side. */
  readonly files: readonly CompanionDifference[];
}

/** Which kernels computed the values; `none` where there were no values to read. */
export interface ReportEngine extends Omit<EngineChoice, 'name'> {
  readonly name: EngineChoice['name'] | 'none';
}

/** The whole result of a comparison: what the CLI prints as JSON, the panel shows and `*.modeldiff.json` stores. */
export interface DiffReport {
  readonly format: 'model-rebase.diff';
  readonly version: 1;
  readonly createdAt: string;
  readonly a: ReportSide;
  readonly b: ReportSide;
  readonly engine: ReportEngine;
  /** Applied to the names in B before matching, in order; the first rule that fits is used. */
  readonly prefixMap: readonly PrefixRule[];
  /** The user's rules for names in B, which come before. */
  readonly nameMap: readonly MapRule[];
  readonly seconds: number;
  readonly summary: GroupDiff;
  readonly layers: readonly LayerDiff[];
  /** Each module kind over all layers. */
  readonly modules: readonly ModuleDiff[];
  readonly tensors: readonly TensorDiff[];
  /** What differs beside the tensors; null in reports of before this was recorded. */
  readonly companions: CompanionDifferences | null;
  /** Findings about the comparison itself, e.g. non-finite values or another vocabulary. */
  readonly findings: readonly Finding[];
}
