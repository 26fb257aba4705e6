import type { CombinePlan } from '../../combine/plan.js';
import type { ModelRole, ReleaseState, Strategy } from '../file/lineage.js';
import type { Advice, RoundEvidence } from './advice.js';
import type { RoundScore } from './roundsReport.js';

export interface ModelStatus {
  readonly role: ModelRole;
  /** Absolute. */
  readonly path: string;
  /** Whether there is a checkpoint that can be read. */
  readonly isThere: boolean;
}

export interface ReleaseStatus {
  readonly name: string;
  /** As the disk says. */
  readonly state: ReleaseState;
  readonly models: readonly ModelStatus[];
  /** What the start is; null when it is the base, or not written. */
  readonly delta: string | null;
  /** Those that still hold. */
  readonly scores: readonly RoundScore[];
  /** Processes that train now. */
  readonly training: readonly { readonly fineTune: 'finetuned' | 'plain'; readonly pid: number; readonly startedAt: string }[];
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

/** What `run` would do. */
export type NextStep =
  | {
      readonly kind: 'round';
      readonly release: string;
      readonly fineTune: 'finetuned' | 'plain';
      /** `base(v2) + (finetuned(v1) − base(v1))`, `base(v2)`. */
      readonly start: string;
      /** Whether the start has to be written before. */
      readonly needsStart: boolean;
    }
  | { readonly kind: 'complete'; readonly sentence: string };

/** A lineage as it is on the disk. */
export interface LineageStatus {
  readonly path: string;
  readonly strategy: Strategy;
  /** Absolute paths. */
  readonly tasks: readonly string[];
  readonly command: readonly string[] | null;
  readonly releases: readonly ReleaseStatus[];
  readonly next: NextStep;
  /** What the file says and the disk does not, as sentences. */
  readonly disagreements: readonly string[];
}

/** What is known before the next round. */
export interface NextReport {
  readonly status: LineageStatus;
  /** How the start would be written; null when the round starts from a base, or its start is there. */
  readonly plan: CombinePlan | null;
  /** Null when there is nothing to recycle. */
  readonly evidence: RoundEvidence | null;
  readonly advice: Advice | null;
}
