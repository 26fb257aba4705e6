import type { Dtype, Finding } from '../checkpoint/index.js';
import type { Combination } from './combination.js';
import type { CombineRequest } from './request.js';
import type { Recipe } from '../model/recipe/index.js';
import type { RowRun } from '../model/vocabulary/index.js';

/** A checkpoint that takes part, by the role it has in the formula. */
export interface PlanInput {
  readonly role: string;
  readonly path: string;
  readonly name: string;
  readonly shards: readonly PlanInputShard[];
}

/** Identifies an input file well enough to notice that it changed. */
export interface PlanInputShard {
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedAt: number;
  /** SHA-256 of the header bytes (length prefix included), hexadecimal. */
  readonly headerSha256: string;
}

/** Where the values of one input's tensor come from. */
export type PlannedSource = StoredSource | ComputedSource;

/** A stored tensor as it is. */
export interface StoredSource {
  /** The tensor's name in that input: another than the output's where a prefix map or tied embeddings lead there. */
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Index into the `shards` of its `PlanInput`. */
  readonly shard: number;
  /** Absolute byte offset in that shard's file. */
  readonly start: number;
  readonly byteLength: number;
}

/** Values that are computed of stored tensors: codes of a scheme, views, parts of fused tensors. */
export interface ComputedSource {
  readonly name: string;
  /** What the values are handed on as: `valueDtype` of the recipe. */
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Its tensors' `shard` are indices into the `shards` of its `PlanInput`. */
  readonly recipe: Recipe;
  /** Bytes of the stored tensors. */
  readonly byteLength: number;
}

/**
 * What happens to a tensor of the output.
 * - `combined`: computed from every input of the formula.
 * - `copied`: the template's values, because `reason` (excluded, not floating point, scale 0 …).
 * - `grown`: combined, with more rows than the template (`rows` says where each comes from).
 * - `skipped`: the template's values although the user might expect otherwise (`--skip-mismatched`).
 *
 * `copied` and `skipped` are the bytes of the template's tensor where its dtype is the output's, else its values
 * converted. Only the template's entry of `sources` is present then.
 */
export type TensorAction = 'combined' | 'copied' | 'grown' | 'skipped';

export interface PlannedTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly action: TensorAction;
  /** Why, as a clause for people: `excluded by --exclude model.embed*`, `rows by token`. Empty for plain combinations. */
  readonly reason: string;
  /**
   * Scale of each step for this tensor: the formula's, or that of the last `--scale PATTERN=λ` that matches. A step of
   * scale 0 is left out: 0·∞ is not 0.
   */
  readonly scales: readonly number[];
  /** Per input, in the order of `inputsOf`; null where the input takes no part in this tensor. */
  readonly sources: readonly (PlannedSource | null)[];
  /** Null: every input that takes part has the output's shape, and rows correspond by index. */
  readonly rows: readonly RowRun[] | null;
  /** Index into `CombinePlan.shards`. */
  readonly shard: number;
  /** Byte offset in the data section of its shard. */
  readonly offset: number;
  readonly byteLength: number;
}

/** One file of the output. */
export interface PlannedShard {
  readonly file: string;
  /** Complete header bytes: length prefix, JSON, padding. */
  readonly header: Uint8Array;
  readonly dataByteLength: number;
}

/** A file beside the weights: copied from an input, or written by the tool. */
export interface PlannedFile {
  readonly name: string;
  /** Role whose file is copied; null when `content` is written. */
  readonly from: string | null;
  readonly sourcePath: string | null;
  /** SHA-256 of that file as it was planned, hexadecimal; null when `content` is written. */
  readonly sourceSha256: string | null;
  readonly content: string | null;
  readonly reason: string;
}

/**
 * How vocabularies were matched. Counts are of rows of the first embedding, lists hold at most 100 tokens.
 * - `same`: every version has the same tokens in the same rows.
 * - `tokens`: rows are matched by the token they stand for (`vocabulary/classifyToken.ts` has the decisions).
 * - `rows`: rows are matched by index; a version with fewer rows is padded with zeros.
 */
export interface VocabularyPlan {
  readonly rule: 'same' | 'tokens' | 'rows';
  /** Why this rule, as a sentence. */
  readonly reason: string;
  /** Rows of the output, and of the template. */
  readonly rowCount: number;
  readonly templateRowCount: number;
  /** Rows combined from every input. */
  readonly shared: number;
  /** Rows taken from another input, since the template lacks their token. */
  readonly addedFromFinetuned: number;
  /** Rows kept from the template: the version that is added does not know their token. */
  readonly onlyTarget: number;
  /** Rows kept from the template although that version has the token: there is no base to take a difference from. */
  readonly withoutDifference: number;
  /** Rows that no file names, carried by their index because all versions have the same tokens in the same rows. */
  readonly unnamed?: number;
  /** Rows that stand for no token. */
  readonly padding: number;
  /** Tokens of the old versions that the output does not get. */
  readonly leftOut: number;
  readonly addedTokens: readonly string[];
  readonly onlyTargetTokens: readonly string[];
  readonly withoutDifferenceTokens: readonly string[];
  readonly leftOutTokens: readonly string[];
}

/** Why a plan cannot run. */
export interface Refusal extends Finding {
  /** Patterns that leave out just the tensors in question, which lifts it. Absent or empty where there are no few such patterns. */
  readonly patterns?: readonly string[];
}

/** Weights of the template that were codes and are values in the output. */
export interface DecodedWeights {
  readonly count: number;
  /** `block-FP8 (blocks of 128 × 128)`. */
  readonly scheme: string;
  /** What quantises the output at PATH again, to OUT; null when no command is known. */
  readonly quantisingCommand: string | null;
}

/** What the output is: a model version, or a difference of two that is added to others later. */
export type CombineKind = 'model' | 'diff-vector';

/** Everything a combination will do, decided before a weight is read. Pure data: shown, printed, stored, obeyed. */
export interface CombinePlan {
  /** What was asked for: the plan can be made again from it. */
  readonly request: CombineRequest;
  readonly kind: CombineKind;
  /** The combination as people write it (`formatCombination`). */
  readonly formula: string;
  readonly combination: Combination;
  /** Role of the input whose names, shapes, shards and untouched tensors the output has: the target of a transfer. */
  readonly template: string;
  /** In the order of `inputsOf(combination)`. */
  readonly inputs: readonly PlanInput[];
  readonly output: string;
  readonly tensors: readonly PlannedTensor[];
  readonly shards: readonly PlannedShard[];
  readonly files: readonly PlannedFile[];
  readonly vocabulary: VocabularyPlan | null;
  /** Null when the output has no values in place of codes. */
  readonly decoded: DecodedWeights | null;
  readonly readByteLength: number;
  readonly writeByteLength: number;
  /** Estimated peak memory in bytes, for the given number of workers. */
  readonly peakMemory: number;
  readonly freeDisk: number;
  readonly findings: readonly Finding[];
  /** Why the plan cannot run; empty when it can. Each names what differs and the remedy. */
  readonly refusals: readonly Refusal[];
}

/** What rounding to the storage type cost, over any set of tensors. */
export interface RoundingReport {
  /** Elements whose exact change Δ is not 0. */
  readonly changedCount: number;
  /** Of those, elements stored equal to the target's value: the storage type swallowed the change. */
  readonly unmovedCount: number;
  /** ‖stored − exact‖ and ‖Δ‖ over finite elements; their quotient is the share of Δ lost. */
  readonly normLost: number;
  readonly normDelta: number;
  /** Elements written as NaN or infinity, copied ones among them. */
  readonly nonFiniteCount: number;
  /** Of those, elements whose exact value is finite: it is beyond the storage type. */
  readonly overflowCount: number;
}
