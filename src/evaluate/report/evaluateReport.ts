import type { Finding } from '../../checkpoint/index.js';
import type { TaskScore } from './score.js';

/** A task as a report names it. */
export interface ReportTask {
  readonly name: string;
  /** Path of the task's file; the command line of an outside command. */
  readonly path: string;
  readonly kind: TaskScore['kind'];
  readonly hash: string;
}

/** A model version that took part. */
export interface ReportInput {
  readonly role: string;
  readonly path: string;
  readonly name: string;
  /** Tells versions apart: a hash of every shard's header, size and modification time. */
  readonly identity: string;
}

/** A weight that came out as NaN or infinite: the scores of its candidate mean nothing. */
export interface NonFiniteTensor {
  readonly tensor: string;
  readonly count: number;
}

/** What one candidate scored on every task, in the order of the report's tasks. */
export interface CandidateScores {
  readonly label: string;
  readonly formula: string;
  readonly scores: readonly TaskScore[];
  readonly nonFinite: readonly NonFiniteTensor[];
}

/** The settings that scores depend on. */
export interface ScoringSettings {
  readonly window: number | null;
  readonly stride: number | null;
  readonly limit: number | null;
  readonly precision: 'stored' | 'f32';
  /** Whether texts begin with a token of the tokenizer's own: as transformers does it, always or never. */
  readonly bos: 'auto' | 'always' | 'never';
}

export interface EvaluateReport {
  readonly inputs: readonly ReportInput[];
  readonly tasks: readonly ReportTask[];
  readonly settings: ScoringSettings;
  readonly candidates: readonly CandidateScores[];
  readonly findings: readonly Finding[];
  readonly seconds: number;
}
