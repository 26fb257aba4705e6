import type { Graph, PositionInput } from '../graph/modelGraph.js';
import type { TaskFailure } from '../../compute/index.js';
import type { TokenSequence } from '../tasks/task.js';
import type { PlannedStage } from '../weights/index.js';

/** Where and how the model's arithmetic runs. */
export interface ModelThreadSettings {
  readonly provider: 'cpu' | 'webgpu';
  readonly threads: number;
  /** Shared: no graph begins once its only number is 1. */
  readonly stopped: Int32Array;
}

/** Sequences of equal padded length that run through a block together; numbers are indices of the pass's sequences. */
export interface SequenceBatch {
  readonly sequences: readonly number[];
  readonly length: number;
}

/** A float32 tensor for a graph's input. */
export interface WeightFeed {
  readonly input: string;
  readonly dims: readonly number[];
  readonly values: ArrayBuffer;
}

/** Where a pass begins: hidden states of earlier passes are forgotten. */
export interface BeginRequest {
  readonly kind: 'begin';
  readonly hiddenSize: number;
  readonly sequences: readonly TokenSequence[];
  readonly batches: readonly SequenceBatch[];
  readonly graphs: readonly Graph[];
  readonly positions: readonly { readonly kind: string; readonly length: number; readonly inputs: readonly PositionInput[] }[];
}

/** Makes the hidden states of a candidate: `scale · rows[token]`, plus the position's row where positions are learned. */
export interface EmbedRequest {
  readonly kind: 'embed';
  readonly candidate: number;
  /** Tokens that occur, ascending; row i of `rows` belongs to token `tokens[i]`. */
  readonly tokens: Uint32Array;
  readonly rows: ArrayBuffer;
  readonly scale: number;
  readonly positions: ArrayBuffer | null;
}

/** Runs a block over the hidden states of a candidate. */
export interface BlockRequest {
  readonly kind: 'block';
  readonly candidate: number;
  readonly graph: string;
  readonly positionKind: string;
  readonly weights: readonly WeightFeed[];
}

/** Keeps the hidden states before scored tokens only, and norms them. */
export interface NormRequest {
  readonly kind: 'norm';
  readonly candidate: number;
  readonly graph: string;
  readonly weights: readonly WeightFeed[];
}

/** Adds the logits of rows `[firstRow, firstRow + rowCount)` of the vocabulary to the candidate's softmax. */
export interface ProjectRequest {
  readonly kind: 'project';
  readonly candidate: number;
  readonly graph: string;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly weights: readonly WeightFeed[];
}

/** Asks for the log-probabilities of the scored tokens of every sequence. */
export interface FinishRequest {
  readonly kind: 'finish';
  readonly candidate: number;
}

/** Asks for the speed of matrix products, in floating-point operations a second, as the only number of the answer. */
export interface MeasureRequest {
  readonly kind: 'measure';
  /** Input `hidden` [count, size], `weight` [size, size]; output `output`. */
  readonly graph: Graph;
  readonly count: number;
  readonly size: number;
}

/** What a model is asked to do, within its thread. */
export type ModelRequest = BeginRequest | EmbedRequest | BlockRequest | NormRequest | ProjectRequest | FinishRequest | MeasureRequest;

/** Log-probabilities for `finish`, the speed for `measure`, null for all others. */
export type ModelResult = readonly Float64Array[] | null;

export type WeightInput = Omit<WeightFeed, 'values'>;

/** Rows of the vocabulary, with the weights that they need. */
export interface RowBlock {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly weights: readonly WeightInput[];
}

/** What a stage does with the values that were formed for it, in the order in which they were wanted. */
export type StageStep =
  | { readonly kind: 'embed'; readonly tokens: Uint32Array; readonly scale: number }
  | { readonly kind: 'block'; readonly graph: string; readonly positionKind: string; readonly weights: readonly WeightInput[] }
  | { readonly kind: 'norm'; readonly graph: string; readonly weights: readonly WeightInput[] }
  | { readonly kind: 'project'; readonly graph: string; readonly blocks: readonly RowBlock[] };

/** Reads the weights of a stage, then forms them and runs the step for one candidate after the other. */
export interface StageRequest {
  readonly kind: 'stage';
  readonly planned: PlannedStage;
  readonly step: StageStep;
  /** Round weights to the dtype they would be stored in. */
  readonly rounded: boolean;
}

export interface StageResult {
  readonly readByteLength: number;
  /** Of each candidate and each wanted tensor, how many values are NaN or infinite. */
  readonly nonFinite: readonly (readonly number[])[];
}

/** What the thread is asked to do from outside. */
export type ThreadRequest = BeginRequest | StageRequest | FinishRequest | MeasureRequest;

export interface ThreadResults {
  begin: ModelResult;
  stage: StageResult;
  finish: ModelResult;
  measure: ModelResult;
}

/** A request, or null when there will be no more: then the thread ends. */
export type ThreadMessage = { readonly id: number; readonly request: ThreadRequest } | null;

export type ThreadAnswer =
  | { readonly kind: 'candidate'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: ThreadResults[ThreadRequest['kind']] }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: TaskFailure };
