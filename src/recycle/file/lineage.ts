import type { BosChoice } from '../../model/tokenizer/index.js';
import type { ShardFingerprint } from '../../checkpoint/index.js';

/** How the diff vector of a round comes about (Lin et al. 2025, § 5 and Algorithm 1). */
export const strategies = ['iterative', 'direct', 'plain'] as const;
/**
 * - `iterative`: what the previous round ended with, minus its base, Δ^iter.
 * - `direct`: a plain fine-tune of the previous base, minus that base, Δ^dir.
 * - `plain`: none; every release is fine-tuned from its base, for comparison.
 */
export type Strategy = (typeof strategies)[number];

/** Models of a release, by what they are. `plain` is its base fine-tuned without recycling. */
export const modelRoles = ['base', 'start', 'finetuned', 'plain'] as const;
export type ModelRole = (typeof modelRoles)[number];

/**
 * How far a release has come:
 * - `new`: there is a base, no more.
 * - `prepared`: the checkpoint that training starts from is written.
 * - `training`: the command is at work.
 * - `interrupted`: the command began and has not ended with a usable model.
 * - `finetuned`: the fine-tuned version is there.
 */
export const releaseStates = ['new', 'prepared', 'training', 'interrupted', 'finetuned'] as const;
export type ReleaseState = (typeof releaseStates)[number];

/** Moments of a release's life, as ISO 8601 texts. */
export const dateNames = ['added', 'prepared', 'trained', 'scored'] as const;
export type ReleaseDates = Readonly<Partial<Record<(typeof dateNames)[number], string>>>;

/** Tells a checkpoint from another one without reading all of it. */
export interface Fingerprint {
  readonly shards: readonly ShardFingerprint[];
  /** SHA-256 of configuration and tokenizer files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The diff vector that a round starts with. */
export interface DeltaInUse {
  /** `base(v2) + (finetuned(v1) − base(v1))`. */
  readonly formula: string;
  /** Name of the release that it comes from. */
  readonly release: string;
  /** Which fine-tune of that release. */
  readonly of: 'finetuned' | 'plain';
  /** Identities of the weights that it was computed with (`identityOf`). */
  readonly madeOf: { readonly target: string; readonly finetuned: string; readonly base: string };
}

/** What a model scored on a task, in short. */
export interface RecordedScore {
  readonly model: ModelRole;
  /** The task as the lineage names it. */
  readonly task: string;
  readonly kind: 'loss' | 'choice' | 'outside';
  /** Nats per token, accuracy, or the command's number; null when the model computed no finite number. */
  readonly value: number | null;
  /** Null where it is unknown. */
  readonly standardError: number | null;
  /** Of a loss. */
  readonly bitsPerByte: number | null;
  /** Identity of the weights (`identityOf`): another model makes the score one of the past. */
  readonly weights: string;
  /** 16 hexadecimal digits of the task's content and the settings of scoring: scores compare only where these agree. */
  readonly basis: string;
}

export interface Release {
  readonly name: string;
  /** Paths as written: relative ones start at the lineage file's folder. */
  readonly base: string;
  readonly finetuned: string | null;
  readonly plain: string | null;
  readonly start: string | null;
  /** Null when nobody has written it yet. */
  readonly state: ReleaseState | null;
  readonly delta: DeltaInUse | null;
  readonly scores: readonly RecordedScore[];
  readonly dates: ReleaseDates;
  /** Checkpoints as they were when the lineage last used them. */
  readonly inputs: Readonly<Partial<Record<ModelRole, Fingerprint>>>;
}

/** How texts are cut for scoring; null for what the model's context allows, or for all of it. */
export interface ScoringChoices {
  /** Tokens. */
  readonly window: number | null;
  readonly stride: number | null;
  /** Windows or items of each task. */
  readonly limit: number | null;
  /** Whether texts begin with BOS; null: as transformers does it for the checkpoint. */
  readonly bos?: BosChoice | null;
}

/** A series of base releases and what became of fine-tuning them. */
export interface Lineage {
  readonly format: 'model-rebase.lineage';
  readonly version: 1;
  readonly strategy: Strategy;
  /** Paths of `.txt` and `.jsonl` files, as written. */
  readonly tasks: readonly string[];
  readonly scoring: ScoringChoices;
  /** Program and arguments; null when models are trained elsewhere and recorded. */
  readonly command: readonly string[] | null;
  /** From the oldest to the newest. Names are unique. */
  readonly releases: readonly Release[];
}

/** @throws Error naming the releases that there are */
export function releaseNamed({ releases }: Lineage, name: string): Release {
  const release = releases.find((candidate) => candidate.name === name);
  if (release !== undefined) return release;
  const known = releases.length === 0 ? 'It has none yet' : `It has ${releases.map((other) => `"${other.name}"`).join(', ')}`;
  throw new Error(`The lineage has no release "${name}". ${known}.`);
}
