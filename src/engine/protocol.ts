/**
 * The typed protocol between a client (CLI, extension host) and the engine process.
 * Control messages only: tensor bytes never travel. Runs over `vscode-jsonrpc` on a fork's IPC channel with
 * structured cloning, so NaN, infinities and typed arrays arrive as they are.
 */
import type { CheckpointParts, Discovery } from '../checkpoint/index.js';
import type {
  AdapterPlan,
  AdapterRequest,
  CombinePlan,
  CombineRequest,
  KeptPartial,
  Manifest,
  OutputFacts,
  VerifyReport,
} from '../combine/index.js';
import type { EnginePreference, SpreadSpans } from '../compute/index.js';
import type { FoundPair } from '../compare/index.js';
import type { DiffReport, MapRule, PrefixRule, TensorDetail } from '../compare/report/index.js';
import type { ConnectivityPlan, ConnectivityRequest, ConnectivityRun } from '../connectivity/index.js';
import type { EvaluateReport, EvaluateRequest, EvaluationPlan } from '../evaluate/index.js';
import type { FineTune, FineTuneCheck, LineageStatus, NewLineage, NewRelease, NextReport, RoundsReport } from '../recycle/index.js';
import type { OutputLine } from '../base/process/commandOutput.js';
import type { Model } from '../model/index.js';

export type { EnginePreference };

export interface DiffOptions {
  readonly engine: EnginePreference;
  /** Worker threads; null lets the engine choose from the number of processors. */
  readonly workers: number | null;
  /** Null: propose a prefix map when names do not match; a list (also an empty one) is used as it is. */
  readonly prefixMap: readonly PrefixRule[] | null;
  /** The user's rules for names of B, which come before; absent: none. */
  readonly nameMap?: readonly MapRule[];
}

export interface DiffRequest {
  /** Address of a checkpoint. */
  readonly a: string;
  readonly b: string;
  readonly options: DiffOptions;
  /** Progress carries what is known so far, now and then; absent: it does not. */
  readonly tellsPartial?: boolean;
}

export interface DiscoverRequest {
  readonly folder: string;
  /** Names of folders not to enter, beside those that never hold models. */
  readonly exclude?: readonly string[];
  readonly maximumDepth?: number;
}

export interface TensorDetailRequest {
  readonly a: string;
  readonly b: string;
  /** The tensor's names in A and in B. */
  readonly nameA: string;
  readonly nameB: string;
  /** How the report found the pair; absent in reports that do not say it. */
  readonly found?: FoundPair | undefined;
  /** How far from 0 values are counted in linear bins; absent: they are not. */
  readonly spans?: SpreadSpans | undefined;
}

/** How a plan is run; the fields are those of `RunOptions` in `combine/run`. */
export interface RunChoices {
  readonly workers: number | null;
  readonly sync: boolean;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly takeOver?: boolean;
  readonly keepPartial: boolean;
  readonly hashInputs: boolean;
}

export interface RunRequest {
  /** As `combine/plan` returned it: what was shown is what runs. */
  readonly plan: CombinePlan;
  readonly options: RunChoices;
}

export interface VerifyRequest {
  readonly folder: string;
  /** Also compute the combination again from its inputs. */
  readonly deep: boolean;
  readonly workers: number | null;
}

export interface AddReleaseRequest {
  /** Of the lineage file, as everywhere below. */
  readonly path: string;
  readonly release: NewRelease;
}

export interface NextRoundRequest {
  readonly path: string;
  /** Also look for the λ with the lowest loss. */
  readonly sweep: boolean;
  /** Folder of results that need not be computed again; null: keep none. */
  readonly cacheFolder: string | null;
}

export interface PrepareRoundRequest {
  readonly path: string;
  /** Replace a start that was made of other models. */
  readonly overwrite: boolean;
}

export interface RunRoundRequest {
  readonly path: string;
  /** Fine-tune a base without recycling, for comparison, instead of the round that is due. */
  readonly plain: boolean;
  /** Score the models of the round afterwards. */
  readonly score: boolean;
  /** Whoever seems to be at it has ended, says the user. */
  readonly takeOver?: boolean;
  readonly cacheFolder: string | null;
}

export interface RunRoundResult {
  /** Null when no round is due: `status.next` says why. */
  readonly trained:
    (FineTuneCheck & { readonly release: string; readonly fineTune: FineTune; readonly path: string; readonly log: string }) | null;
  readonly status: LineageStatus;
  /** Why there are no scores although they were wanted; null when there are. */
  readonly scoringProblem: string | null;
}

export interface RecordModelRequest {
  readonly path: string;
  readonly release: string;
  readonly fineTune: FineTune;
  /** The checkpoint that was trained elsewhere. It stays where it is. */
  readonly model: string;
  /** Name it in place of another one. */
  readonly overwrite: boolean;
}

export interface ScoreReleaseRequest {
  readonly path: string;
  readonly release: string;
  readonly cacheFolder: string | null;
}

export interface CompareRoundsRequest {
  /** Of lineage files. */
  readonly paths: readonly string[];
}

/** A job's state in bytes, the only unit that every job shares. */
export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  /** Name of the tensor last finished. */
  readonly tensor: string | null;
  /** What is being done, for jobs of several phases, each with its own bytes: `combining`, `scoring: layer 12`. */
  readonly phase?: string;
  /** What a diff has found so far; tensors that it did not reach are `unread`. */
  readonly partial?: DiffReport;
  /** What a connectivity run has found so far, whenever that is more than before. */
  readonly run?: ConnectivityRun;
  /** A line that an outside command printed. */
  readonly output?: OutputLine;
}

/** Every request: what it takes and what it returns. Errors arrive as `EngineError`. */
export interface EngineRequests {
  'checkpoint/open': { params: { readonly path: string }; result: Model };
  /** The models of a pipeline; null for what is none. */
  'checkpoint/parts': { params: { readonly path: string }; result: CheckpointParts | null };
  'checkpoint/discover': { params: DiscoverRequest; result: Discovery };
  'diff/run': { params: DiffRequest; result: DiffReport };
  'diff/tensor': { params: TensorDetailRequest; result: TensorDetail };
  'combine/plan': { params: CombineRequest; result: CombinePlan };
  /** An adapter for another base: the same factors with new settings. */
  'adapter/plan': { params: AdapterRequest; result: AdapterPlan };
  'adapter/write': { params: { readonly plan: AdapterPlan }; result: null };
  'combine/run': { params: RunRequest; result: Manifest };
  /** Removes what an unfinished run of this plan left. */
  'combine/discard': { params: { readonly plan: Pick<CombinePlan, 'output'> }; result: null };
  /** Outputs in the making, or left half made, whose places lie in a folder. */
  'combine/kept': { params: { readonly folder: string }; result: readonly KeptPartial[] };
  /** What an output says of itself; null for a folder or file that is none. */
  'combine/describe': { params: { readonly path: string }; result: OutputFacts | null };
  'combine/manifest': { params: { readonly folder: string }; result: Manifest };
  'combine/verify': { params: VerifyRequest; result: VerifyReport };
  'evaluate/plan': { params: EvaluateRequest; result: EvaluationPlan };
  'evaluate/run': { params: EvaluateRequest; result: EvaluateReport };
  'connectivity/plan': { params: ConnectivityRequest; result: ConnectivityPlan };
  /** Partial results come as `run` of its progress. */
  'connectivity/run': { params: ConnectivityRequest; result: ConnectivityRun };
  'recycle/init': { params: { readonly path: string; readonly lineage: NewLineage }; result: LineageStatus };
  'recycle/add': { params: AddReleaseRequest; result: LineageStatus };
  'recycle/status': { params: { readonly path: string }; result: LineageStatus };
  'recycle/next': { params: NextRoundRequest; result: NextReport };
  /** Writes the start of the round that is due. */
  'recycle/prepare': { params: PrepareRoundRequest; result: LineageStatus };
  /** What the user's command prints comes as `output` of its progress. */
  'recycle/run': { params: RunRoundRequest; result: RunRoundResult };
  'recycle/record': { params: RecordModelRequest; result: FineTuneCheck };
  'recycle/score': { params: ScoreReleaseRequest; result: null };
  'recycle/compare': { params: CompareRoundsRequest; result: RoundsReport };
}

export type EngineMethod = keyof EngineRequests;

/** Reported while a request runs; `job` is the token the client sent with it. */
export interface ProgressNotification {
  readonly job: number;
  readonly progress: JobProgress;
}
