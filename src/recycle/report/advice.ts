import type { Barrier, SweepOptimum } from '../../connectivity/report/index.js';
import type { ReportTask, TaskScore } from '../../evaluate/report/index.js';

/** What the models of a round score on one task before its training. */
export interface TaskEvidence {
  readonly task: ReportTask;
  readonly previousBase: TaskScore;
  /** The fine-tune that the diff vector comes from. */
  readonly previousFineTune: TaskScore;
  readonly base: TaskScore;
  /** `base + (previous fine-tune − previous base)`. */
  readonly start: TaskScore;
  /** On the line between the two bases; null when it was not measured. */
  readonly barrier: Barrier | null;
  /** Of a λ sweep; null when none was asked for. */
  readonly optimum: SweepOptimum | null;
}

/** Everything that is known before a round. */
export interface RoundEvidence {
  readonly release: string;
  /** The release that the diff vector comes from. */
  readonly source: string;
  /** Why the start cannot be formed; empty when it can. */
  readonly refusals: readonly string[];
  /** Tensors of the start with values that are NaN or infinite. */
  readonly brokenTensors: readonly string[];
  readonly tasks: readonly TaskEvidence[];
}

/** What a round should do, as far as the evidence goes. */
export const advices = ['recycle', 'fine-tune plainly', 'look closer'] as const;

/**
 * - `for`, `against`: of starting from the transferred model.
 * - `open`: what would have to be known.
 * - `remark`: worth knowing, without weight in the advice.
 */
export type Stance = 'for' | 'against' | 'open' | 'remark';

export interface Reason {
  readonly stance: Stance;
  /** With the numbers that it rests on. */
  readonly sentence: string;
}

export interface Advice {
  readonly advice: (typeof advices)[number];
  readonly reasons: readonly Reason[];
}
