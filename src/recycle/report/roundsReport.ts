import type { ModelRole, RecordedScore, ReleaseState, Strategy } from '../file/lineage.js';
import { formatEstimate, formatLoss } from '../../connectivity/report/index.js';

/** How a release's diff vector, `finetuned − base`, lies to the one before it. */
export interface DiffVectorGeometry {
  /** ‖Δᵢ‖ over all float tensors that both models have. */
  readonly norm: number;
  /** cos(Δᵢ, Δᵢ₋₁) over the tensors that both have in one shape; null for the first, and where one is 0. */
  readonly cosine: number | null;
}

/** A score that still holds: of the model that is there. */
export type RoundScore = Pick<RecordedScore, 'model' | 'task' | 'kind' | 'value' | 'standardError' | 'bitsPerByte' | 'basis'>;

export interface RoundRow {
  readonly release: string;
  readonly state: ReleaseState;
  /** What the round started from: `base(v2) + (finetuned(v1) − base(v1))`; null for its base, or when that is unknown. */
  readonly delta: string | null;
  readonly models: readonly ModelRole[];
  readonly scores: readonly RoundScore[];
  /** Null when the fine-tuned version or the base is not there. */
  readonly diffVector: DiffVectorGeometry | null;
}

export interface LineageRounds {
  readonly path: string;
  readonly strategy: Strategy;
  readonly rounds: readonly RoundRow[];
  /** Problems of its models, and scores that do not hold any more, as sentences. */
  readonly remarks: readonly string[];
}

/** Rounds of one or several lineages side by side. */
export interface RoundsReport {
  readonly format: 'model-rebase.rounds';
  readonly version: 1;
  readonly lineages: readonly LineageRounds[];
  /** Why scores of different rounds may not be compared, as sentences. */
  readonly remarks: readonly string[];
}

/** `3.306 ± 0.012`; without an error the value alone; `–` where nothing was scored. */
export function formatScore(score: Pick<RoundScore, 'value' | 'standardError'> | undefined): string {
  if (score === undefined) return '–';
  const { value, standardError } = score;
  if (value === null) return 'not finite';
  return standardError === null ? formatLoss(value) : formatEstimate(value, standardError);
}
