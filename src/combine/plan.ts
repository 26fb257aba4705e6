import type { Dtype, Finding } from '../checkpoint/index.js';
import type { Combination } from './combination.js';

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

/**
 * What happens to a tensor of the output.
 * - `combined`: computed from every input of the formula.
 * - `copied`: the target's bytes, because `reason` (excluded, not floating point, equal scale 0 …).
 * - `grown`: combined, with more rows than the target (`rows` says where each comes from).
 * - `skipped`: the target's bytes although the user might expect otherwise (`--skip-mismatched`).
 */
export type TensorAction = 'combined' | 'copied' | 'grown' | 'skipped';

/**
 * Where the rows of an output tensor come from, as runs of rows. `sources` has an entry per input of the formula in
 * the order of `inputsOf`: the first row taken from that input, or null where it contributes zeros (padding).
 */
export interface RowRun {
  readonly count: number;
  readonly sources: readonly (number | null)[];
}

export interface PlannedTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly action: TensorAction;
  /** Why, as a clause for people: `excluded by --exclude model.embed*`, `rows by token`. Empty for plain combinations. */
  readonly reason: string;
  /** Scale of each step for this tensor: the formula's, or that of the first `--scale PATTERN=λ` that matches last. */
  readonly scales: readonly number[];
  /** Null: every input has the output's shape and rows correspond by index. */
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
  readonly content: string | null;
  readonly reason: string;
}

/** How vocabularies were matched. Counts are of rows of the embedding. */
export interface VocabularyPlan {
  readonly rule: 'same' | 'tokens' | 'rows';
  readonly reason: string;
  readonly shared: number;
  readonly addedFromFinetuned: number;
  readonly onlyTarget: number;
  readonly padding: number;
  /** The added tokens' texts, at most 100. */
  readonly addedTokens: readonly string[];
}

/** Everything a combination will do, decided before a weight is read. Pure data: shown, printed, stored, obeyed. */
export interface CombinePlan {
  readonly formula: string;
  readonly combination: Combination;
  /** In the order of `inputsOf(combination)`. */
  readonly inputs: readonly PlanInput[];
  readonly output: string;
  readonly tensors: readonly PlannedTensor[];
  readonly shards: readonly PlannedShard[];
  readonly files: readonly PlannedFile[];
  readonly vocabulary: VocabularyPlan | null;
  readonly readByteLength: number;
  readonly writeByteLength: number;
  /** Estimated peak memory in bytes, for the given number of workers. */
  readonly peakMemory: number;
  readonly freeDisk: number;
  readonly findings: readonly Finding[];
  /** Why the plan cannot run; empty when it can. Each names what differs and the remedy. */
  readonly refusals: readonly Finding[];
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
}
