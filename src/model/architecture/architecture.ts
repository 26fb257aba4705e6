import type { Rope } from './rope.js';

/**
 * What a `config.json` says of a decoder, in one form for all families: plain data from which a graph is built without
 * knowing the family. Sizes are numbers of elements.
 */
export interface Architecture {
  /** The `config.json` it was read from, for messages. */
  readonly file: string;
  /** The family's usual name: `Llama`. */
  readonly family: string;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** Longest sequence the model was made for. */
  readonly contextLength: number;
  readonly embedding: Embedding;
  readonly layers: readonly Layer[];
  readonly head: Head;
  /** What tensor names may start with in checkpoints of this family; the first that fits is taken. */
  readonly prefixes: readonly string[];
  /** Module that holds the layers: `layers`, so that a layer is `layers.12`. */
  readonly layersModule: string;
}

export interface Embedding {
  readonly module: string;
  /** Factor on every row. */
  readonly scale: number;
  /** Learned positions, added to the embeddings; null where positions enter otherwise. */
  readonly positionsModule: string | null;
}

/** From hidden states to logits. */
export interface Head {
  readonly norm: Norm;
  /** Full names the vocabulary's matrix may have; none of them starts with one of the prefixes. */
  readonly modules: readonly string[];
  /** The embedding serves as the matrix where none is stored. */
  readonly tied: boolean;
  /** Logits become `cap · tanh(logit / cap)`. */
  readonly softCap: number | null;
}

/** One decoder layer. */
export interface Layer {
  readonly attention: Attention;
  readonly feedForward: FeedForward;
  /** `parallel`: both parts read the layer's input. `sequential`: the feed-forward part reads what attention left. */
  readonly residual: 'sequential' | 'parallel';
}

export interface Attention {
  readonly inputNorm: Norm | null;
  readonly projections: AttentionProjections;
  /** Applied to rows of the norm's size: one head's, or all heads' together. */
  readonly queryNorm: Norm | null;
  readonly keyNorm: Norm | null;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Factor on the scores. */
  readonly scale: number;
  /** Scores become `cap · tanh(score / cap)`. */
  readonly softCap: number | null;
  /** A token attends to itself and the `window − 1` tokens before it; null: to all before it. */
  readonly window: number | null;
  readonly rope: Rope | null;
  readonly output: Linear;
  /** Applied before the result is added to the residual stream. */
  readonly outputNorm: Norm | null;
}

export type AttentionProjections =
  | { readonly kind: 'separate'; readonly query: Linear; readonly key: Linear; readonly value: Linear }
  /** All queries, all keys, all values, in that order. */
  | { readonly kind: 'fused'; readonly linear: Linear }
  /** Query, key and value of the first head, then of the second, and so on. */
  | { readonly kind: 'interleaved'; readonly linear: Linear };

export interface FeedForward {
  readonly inputNorm: Norm | null;
  readonly expansion: Expansion;
  readonly activation: Activation;
  readonly down: Linear;
  readonly outputNorm: Norm | null;
}

export type Expansion =
  /** `activation(up(x))`. */
  | { readonly kind: 'plain'; readonly up: Linear }
  /** `activation(gate(x)) · up(x)`. */
  | { readonly kind: 'gated'; readonly gate: Linear; readonly up: Linear }
  /** The same with both in one matrix, the gate's rows first. */
  | { readonly kind: 'fusedGated'; readonly gateUp: Linear };

/** `geluTanh` is the approximation by tanh that configs call `gelu_new` and `gelu_pytorch_tanh`. */
export type Activation = 'silu' | 'gelu' | 'geluTanh' | 'relu';

/** `x·Wᵀ + b`. */
export interface Linear {
  /** Path within the layer: `self_attn.q_proj`. */
  readonly module: string;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly bias: boolean;
  /** How the weight is stored: [output, input] as PyTorch's `Linear`, or [input, output] as GPT-2's `Conv1D`. */
  readonly layout: 'outputInput' | 'inputOutput';
}

export interface Norm {
  readonly module: string;
  readonly size: number;
  /** `rmsPlusOne` scales by 1 + weight. `layer` subtracts the mean and has a bias. */
  readonly kind: 'rms' | 'rmsPlusOne' | 'layer';
  readonly epsilon: number;
}
