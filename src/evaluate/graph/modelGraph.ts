/**
 * A model as a chain of stages that run one after the other, each with its own weights: what the layer-streamed pass
 * needs to know, and nothing of how a family computes. Plain data.
 */

/** A serialised ONNX model (opset 21). Graphs with the same `id` are the same bytes: one session serves all their layers. */
export interface Graph {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A weight that a graph takes as a float32 input, whole and in its stored layout. */
export interface GraphWeight {
  /** Name of the graph's input. */
  readonly input: string;
  /** Name of the checkpoint's tensor. */
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** A float32 input that depends on the positions alone: rotary cosines and sines. Masks are made inside the graph. */
export interface PositionInput {
  readonly input: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * Token embeddings: `hidden[t] = scale · tensor[token[t]]`, plus `positions.tensor[positions.offset + t]` where positions
 * are learned. Rows are gathered without a graph, so that only rows of tokens that occur are read.
 */
export interface EmbeddingStage {
  readonly tensor: string;
  readonly scale: number;
  readonly positions: { readonly tensor: string; readonly offset: number } | null;
}

/** One decoder layer: graph input `hidden` [batch, length, hiddenSize], output `output` of the same shape. */
export interface BlockStage {
  readonly layer: number;
  readonly graph: Graph;
  readonly weights: readonly GraphWeight[];
  /** Blocks of one kind share the position inputs of a sequence length: `ModelGraph.positionInputs`. */
  readonly positionKind: string;
}

/**
 * The final norm: graph input `hidden` [count, hiddenSize], output `output`. Then the vocabulary's logits, whose matrix
 * [vocabularySize, hiddenSize] is taken in blocks of rows so that it is never in memory as a whole: graph inputs `hidden`
 * [count, hiddenSize], `projection` [rows, hiddenSize], `bias` [rows] where there is one, and `target` [count] (int64, row
 * within the block, any row for tokens of other blocks); outputs, per position, `maximum`, `sumExp` (Σ exp(logit − maximum)),
 * `targetLogit`, all [count], and `logits` [count, rows].
 */
export interface HeadStage {
  readonly norm: Graph;
  readonly normWeights: readonly GraphWeight[];
  readonly projection: Graph;
  readonly projectionTensor: string;
  /** True when it is the embedding's own tensor. */
  readonly tied: boolean;
  readonly biasTensor: string | null;
}

export interface ModelGraph {
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly embedding: EmbeddingStage;
  readonly blocks: readonly BlockStage[];
  readonly head: HeadStage;
  /** Longest sequence the model was made for; null where nothing bounds it. */
  readonly contextLength: number | null;
  /** Floating-point operations of one block for a sequence of this length, per sequence; for estimates. */
  readonly blockOperations: (length: number) => number;
  /** The position inputs of blocks of this kind, for sequences of `length` tokens that begin at position 0. */
  readonly positionInputs: (kind: string, length: number) => readonly PositionInput[];
}
