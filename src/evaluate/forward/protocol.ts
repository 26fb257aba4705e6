import type { Graph, PositionInput } from '../graph/modelGraph.js';
import type { TokenSequence } from '../tasks/task.js';

/** Where and how the model's arithmetic runs. */
export interface ModelThreadSettings {
  readonly provider: 'cpu' | 'webgpu';
  readonly threads: number;
}

/** Sequences of equal padded length that run through a block together; numbers are indices of the pass's sequences. */
export interface SequenceBatch {
  readonly sequences: readonly number[];
  readonly length: number;
}

/** A float32 tensor for a graph's input. Its buffer moves to the model's thread and comes back with the answer. */
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

export type ModelRequest = BeginRequest | EmbedRequest | BlockRequest | NormRequest | ProjectRequest | FinishRequest | MeasureRequest;

/** Log-probabilities for `finish`, the speed for `measure`, null for all others. */
export type ModelResult = readonly Float64Array[] | null;

export interface ModelMessage {
  readonly id: number;
  readonly request: ModelRequest;
}

export type ModelAnswer =
  | { readonly kind: 'result'; readonly id: number; readonly result: ModelResult; readonly buffers: readonly ArrayBuffer[] }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };

/** Buffers that move with a request and come back. */
export function buffersIn(request: ModelRequest): ArrayBuffer[] {
  switch (request.kind) {
    case 'begin':
    case 'finish':
    case 'measure':
      return [];
    case 'embed':
      return request.positions === null ? [request.rows] : [request.rows, request.positions];
    case 'block':
    case 'norm':
    case 'project':
      return request.weights.map(({ values }) => values);
    default:
      return request satisfies never;
  }
}
