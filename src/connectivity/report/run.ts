import type { Finding } from '../../checkpoint/index.js';
import type { CandidateChoices } from '../../combine/index.js';
import type { NonFiniteTensor, ReportInput, ReportTask, ScoringSettings, TaskScore } from '../../evaluate/report/index.js';

/**
 * A family of combinations with one number as its parameter: α on the way from one model to another, λ of a transfer.
 * Model fields are roles of the run's inputs.
 * - `interpolate`: `a + α·(b − a)`.
 * - `transferred`: `finetuned + α·(target − base)`: from the fine-tuned version (α = 0) to the transferred one (α = 1),
 *   which can be walked before any training (Lin et al. 2025, App. A with Δₛ ≈ Δₜ).
 * - `sweep`: `target + λ·(finetuned − base)`.
 */
export type LinePath =
  | { readonly kind: 'interpolate'; readonly a: string; readonly b: string }
  | { readonly kind: 'transferred'; readonly finetuned: string; readonly base: string; readonly target: string }
  | { readonly kind: 'sweep'; readonly finetuned: string; readonly base: string; readonly target: string };

/** Scores at one place, one per task of the run. */
export interface PointScores {
  readonly formula: string;
  readonly scores: readonly TaskScore[];
  readonly nonFinite: readonly NonFiniteTensor[];
}

/** α or λ, and what the combination there scores. */
export interface LinePoint extends PointScores {
  readonly at: number;
}

/** A model of the path that lies off the line, by its role: a transfer's base, or its target beside the transferred end. */
export interface ReferenceScores extends PointScores {
  readonly role: string;
}

/**
 * What the points say of a barrier: a rise above the chord by more than the tolerance.
 * - `connected`: at every point between the ends the rise is shown to stay within the tolerance.
 * - `barrier`: at some point it is shown to exceed it.
 * - `undecided`: the scores are too noisy for either; `windowsNeeded` would probably decide it.
 * - `undefined`: an end or the curve is not finite, or the scores come without the noise that a verdict needs.
 */
export const verdicts = ['connected', 'barrier', 'undecided', 'undefined'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * `max over α of loss(α) − ((1−α)·loss(0) + α·loss(1))` on the grid between 0 and 1, from paired differences over windows.
 * Nats per token; for accuracies the loss is `1 − accuracy`.
 */
export interface Barrier {
  readonly verdict: Verdict;
  /** The largest rise above the chord. Below 0 where the loss stays under it everywhere. */
  readonly height: number;
  /** Of the rise at `alpha`, which is larger than it would be had `alpha` not been picked for its height. */
  readonly standardError: number;
  readonly alpha: number;
  /** The largest rise that still counts as none. */
  readonly tolerance: number;
  /** Windows or items in all that would probably decide it; null when it is decided, or when no number of them is likely to. */
  readonly windowsNeeded: number | null;
  /** The verdict as a sentence that claims no more than the evidence. */
  readonly sentence: string;
}

/** The best λ of a sweep, and what it means against the ends that matter. */
export interface SweepOptimum {
  readonly at: number;
  /** Lower is better: of an outside command's number where higher is better, minus that number. */
  readonly loss: number;
  /** Paired difference loss(λ = 1) − loss(best), with its standard error. */
  readonly gainOverOne: number;
  readonly gainOverOneError: number;
  /** Paired difference loss(target) − loss(best). */
  readonly gainOverTarget: number;
  readonly gainOverTargetError: number;
  readonly sentence: string;
}

/** How the versions lie to each other in weight space. Norms are Euclidean over the float values of the chosen tensors, compared where they are stored. */
export interface Geometry {
  /** ‖mₜ − mₛ‖. */
  readonly targetMinusBase: number | null;
  /** ‖Δₛ‖. */
  readonly diffVector: number | null;
  /** cos(Δₛ, mₜ − mₛ). */
  readonly cosine: number | null;
}

/**
 * Base score of the target against the source's: a low barrier alone says nothing of what the target can do. For an
 * interpolation those are its ends. Losses as in `SweepOptimum`.
 */
export interface CapabilityCheck {
  readonly task: number;
  readonly sourceLoss: number | null;
  readonly finetunedLoss: number | null;
  readonly targetLoss: number | null;
  readonly sentence: string;
}

interface RunFacts {
  readonly format: 'model-rebase.connectivity';
  readonly version: 1;
  readonly toolVersion: string;
  readonly createdAt: string;
  readonly title: string;
  readonly inputs: readonly ReportInput[];
  readonly tasks: readonly ReportTask[];
  readonly settings: ScoringSettings;
  /** How every point is combined; what writing a point as a checkpoint has to choose as well. */
  readonly choices: CandidateChoices;
  readonly findings: readonly Finding[];
  readonly seconds: number;
  /** False while points are still to come, or when the run was cancelled. */
  readonly complete: boolean;
}

export interface LineRun extends RunFacts {
  readonly kind: 'line';
  readonly path: LinePath;
  /** Ascending in `at`. */
  readonly points: readonly LinePoint[];
  readonly references: readonly ReferenceScores[];
  /** One per task; null for a sweep, and while an end or every point between the ends is missing. */
  readonly barriers: readonly (Barrier | null)[];
  /** One per task; null for other paths, and where λ = 1 was not scored. */
  readonly optima: readonly (SweepOptimum | null)[];
  /** Null when it was not asked for, and before it is known. */
  readonly geometry: Geometry | null;
  readonly capability: readonly CapabilityCheck[];
}

/** One version of a transfer matrix: its base and, where it exists, its fine-tune. */
export interface MatrixVersion {
  readonly name: string;
  /** Roles of the run's inputs. */
  readonly base: string;
  readonly finetuned: string | null;
}

/** `baseₜ + Δₛ` (Lin et al. 2025, Table 3) with s ≠ t; where s = t the sum is the fine-tune itself. Indices of versions. */
export interface MatrixCell extends PointScores {
  readonly source: number;
  readonly target: number;
  /** Per task: (merge − base) / (fine-tuned − base) of the target in loss or accuracy; null where its own fine-tune is missing or gains nothing. */
  readonly recovered: readonly (number | null)[];
  /** Standard error of each, from paired windows or items; null where that cannot be known, and in runs of earlier versions. */
  readonly recoveredError: readonly (number | null)[];
}

export interface MatrixRun extends RunFacts {
  readonly kind: 'matrix';
  readonly versions: readonly MatrixVersion[];
  /** Per version. */
  readonly bases: readonly PointScores[];
  readonly finetunes: readonly (PointScores | null)[];
  readonly cells: readonly MatrixCell[];
}

/** A point of the plane `a + x·(b − a) + y·(c − a)`. */
export interface PlanePoint extends PointScores {
  readonly x: number;
  readonly y: number;
}

export interface PlaneRun extends RunFacts {
  readonly kind: 'plane';
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly points: readonly PlanePoint[];
}

export type ConnectivityRun = LineRun | MatrixRun | PlaneRun;
