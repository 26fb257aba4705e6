import type { Finding } from '../checkpoint/index.js';
import type { CandidateScores, ReportInput, ReportTask } from './report/index.js';
import type { EvaluateRequest } from './request.js';
import type { OutputLine } from '../base/process/commandOutput.js';

/** What scoring with an outside command needs: it gets every model as a checkpoint on disk. */
export interface OutsidePlan {
  /** The command line, with its placeholders. */
  readonly command: string;
  /** Models that it has not scored yet. */
  readonly runs: number;
  /** Bytes of a checkpoint; one at a time is written, and removed afterwards. */
  readonly checkpointByteLength: number;
  /** Where it is written. */
  readonly folder: string;
}

/** What an evaluation will cost, decided before a weight is read. Plain data: shown, printed as a dry run. */
export interface EvaluationPlan {
  readonly request: EvaluateRequest;
  readonly inputs: readonly ReportInput[];
  /** By role: what stands for an input's identity in runs that were saved before weights were told apart by content. */
  readonly formerIdentities: Readonly<Record<string, string>>;
  readonly tasks: readonly (ReportTask & { readonly sequenceCount: number; readonly tokenCount: number })[];
  /** `Llama, 24 layers of 1024, vocabulary 32,000`. Empty when only outside commands score. */
  readonly architecture: string;
  readonly candidateCount: number;
  /** Scores that the cache has already. */
  readonly cachedCount: number;
  /** Times the weights are read: more than once where hidden states of the whole text would not fit. */
  readonly passes: number;
  /** Over all passes. */
  readonly readByteLength: number;
  readonly peakMemory: number;
  /** Float32 bytes of weights that are formed, over all candidates and passes. */
  readonly formedByteLength: number;
  /** Floating-point operations of all forward passes. */
  readonly operations: number;
  /** Bytes that layers compute on their way, over all candidates and passes. */
  readonly activationByteLength: number;
  /** From a short measurement on this machine (`withEstimate`); null when it was not made. */
  readonly estimatedSeconds: number | null;
  /** Null without an outside command. */
  readonly outside: OutsidePlan | null;
  readonly findings: readonly Finding[];
  /** Why it cannot run; empty when it can. */
  readonly refusals: readonly Finding[];
}

/** State of a running evaluation. Bytes are of float32 weights put through the model, over all candidates and passes. */
export interface EvaluateProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** `embedding`, `layer 12`, `vocabulary`. */
  readonly stage: string;
}

export interface EvaluateContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined;
  /** Gets a candidate as soon as the outside command, which takes longest, has scored it too; not called without a command. */
  readonly onCandidate?: ((candidate: CandidateScores, tasks: readonly ReportTask[]) => void) | undefined;
  /** Lines that an outside command prints. */
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
}
