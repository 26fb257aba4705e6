/**
 * The typed protocol between a client (CLI, extension host) and the engine process.
 * Control messages only: tensor bytes never travel. Runs over `vscode-jsonrpc` on a fork's IPC channel with
 * structured cloning, so NaN, infinities and typed arrays arrive as they are.
 */
import type { Checkpoint, Discovery } from '../checkpoint/index.js';
import type { EnginePreference } from '../compute/index.js';
import type { DiffReport, PrefixRule, TensorDetail } from '../compare/report/index.js';

export type { EnginePreference };

export interface DiffOptions {
  readonly engine: EnginePreference;
  /** Worker threads; null lets the engine choose from the number of processors. */
  readonly workers: number | null;
  /** Null: propose a prefix map when names do not match; a list (also an empty one) is used as it is. */
  readonly prefixMap: readonly PrefixRule[] | null;
}

export interface DiffRequest {
  /** Path of a `.safetensors` file or a checkpoint folder. */
  readonly a: string;
  readonly b: string;
  readonly options: DiffOptions;
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
}

/** A job's state in bytes, the only unit that every job shares. */
export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  /** Name of the tensor last finished. */
  readonly tensor: string | null;
}

/** Every request: what it takes and what it returns. Errors arrive as `EngineError`. */
export interface EngineRequests {
  'checkpoint/open': { params: { readonly path: string }; result: Checkpoint };
  'checkpoint/discover': { params: DiscoverRequest; result: Discovery };
  'diff/run': { params: DiffRequest; result: DiffReport };
  'diff/tensor': { params: TensorDetailRequest; result: TensorDetail };
}

export type EngineMethod = keyof EngineRequests;

/** Reported while a request runs; `job` is the token the client sent with it. */
export interface ProgressNotification {
  readonly job: number;
  readonly progress: JobProgress;
}
