/**
 * What converters change in the values of a tensor, which is undone here.
 * - `rotary query`, `rotary key`: rows of each head in the order of rotated pairs (llama, and what is made like it).
 * - `plus one`: 1 is added to the weights of norms that the model's code applies as `1 + w`.
 * - `transposed`: `Conv1D` stores the transpose of a linear layer.
 * - `head by head`: rows of query, key and value, which the model has head by head.
 * - `group by group`: the same with one key and one value for a group of heads (Falcon).
 * - `experts`: experts that the model has one by one, stacked. `{e}` in the name is the number of one.
 * - `one row`: a matrix of one row, which older converters stored as a vector.
 * - `whole name`: nothing; the name of the model has no `.weight` or `.bias`.
 * - `transposed, whole name`: both.
 */
export type Change =
  | 'rotary query'
  | 'rotary key'
  | 'plus one'
  | 'transposed'
  | 'head by head'
  | 'group by group'
  | 'experts'
  | 'one row'
  | 'whole name'
  | 'transposed, whole name';

/** What a tensor is called in Hugging Face's model: its module, and what was changed. `.weight` and `.bias` stay. */
export type Place = string | { readonly name: string; readonly change: Change };

/**
 * How two tensors of a layer are one in the model.
 * - `behind each other`: rows of the first, then of the second, of each expert.
 * - `in turn`: one row of each in turn, of each expert (gpt-oss).
 * - `keys and values`: of each head first its keys, stored transposed, then its values (DeepSeek).
 */
export type Joint = 'behind each other' | 'in turn' | 'keys and values';

/** Two tensors of a layer (`ffn_gate_exps.weight`) that are one in the model. The name is whole: not every one ends in `.weight`. */
export interface JoinedPlace {
  readonly name: string;
  readonly of: readonly [first: string, second: string];
  readonly how: Joint;
  /** The result is stored as `[inputs, outputs]`. */
  readonly isTransposed?: true;
}

/**
 * Names of one family of models. Facts: `tensor_mapping.py` of the Python package gguf 0.19, the model classes of transformers 5.24,
 * and `conversion/*.py` of llama.cpp (051139f5) for what is done to values.
 */
export interface Family {
  /** llama.cpp's names of the architectures. */
  readonly architectures: readonly string[];
  /** `model_type` in transformers; null where several have this architecture. */
  readonly modelType: string | null;
  /** That of versions with experts, where it is another one. */
  readonly expertModelType?: string;
  readonly outer: Readonly<Record<string, Place>>;
  /** Of each layer, after `blk.N.`. */
  readonly block: Readonly<Record<string, Place>>;
  readonly joined?: readonly JoinedPlace[];
  /** What `blk` is called: `model.layers`. */
  readonly layers: string;
}
