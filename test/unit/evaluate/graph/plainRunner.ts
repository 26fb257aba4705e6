import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BlockStage, Graph, GraphWeight, ModelGraph, PositionInput } from '../../../../src/evaluate/graph/index.js';
import type { LoadedTensor } from './storedModel.js';

type Weights = ReadonlyMap<string, LoadedTensor>;
type Feeds = Record<string, Tensor>;

/** What one sequence gets: [length, vocabularySize]. */
export type Logits = Float32Array;

/** Runs a model as its docstrings say, stage by stage, without streaming: slow, obvious, for tests. */
export class PlainRunner {
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(
    private readonly model: ModelGraph,
    private readonly weights: Weights,
  ) {}

  /** Logits of a batch of right-padded sequences, [batch · length, vocabularySize]. */
  async logits(tokens: readonly (readonly number[])[]): Promise<Logits> {
    const { projection } = this.model.head;
    return (await this.#head(projection, await this.#normed(tokens), []))['logits']!;
  }

  /** −log p of each next token of the batch, over the whole vocabulary in blocks of `blockRows`. */
  async losses(tokens: readonly (readonly number[])[], targets: readonly number[], blockRows: number): Promise<number[]> {
    const normed = await this.#normed(tokens);
    const parts: { maximum: Float32Array; sumExp: Float32Array; targetLogit: Float32Array; first: number }[] = [];
    for (let first = 0; first < this.model.vocabularySize; first += blockRows) {
      const part = await this.#head(this.model.head.projection, normed, targets, first, blockRows);
      parts.push({ maximum: part['maximum']!, sumExp: part['sumExp']!, targetLogit: part['targetLogit']!, first });
    }
    return targets.map((target, i) => {
      const sum = parts.reduce((total, { maximum, sumExp }) => total + sumExp[i]! * Math.exp(maximum[i]!), 0);
      const block = parts.find(({ first }) => target >= first && target < first + blockRows)!;
      return Math.log(sum) - block.targetLogit[i]!;
    });
  }

  async #normed(tokens: readonly (readonly number[])[]): Promise<Tensor> {
    const { blocks, head, hiddenSize } = this.model;
    let hidden = this.#embed(tokens);
    for (const block of blocks) hidden = await this.#block(block, hidden);
    const rows = new Tensor('float32', hidden.data as Float32Array, [tokens.length * tokens[0]!.length, hiddenSize]);
    const { output } = await this.#run(head.norm, { ...this.#feeds(head.normWeights), hidden: rows });
    return output!;
  }

  #embed(tokens: readonly (readonly number[])[]): Tensor {
    const { embedding, hiddenSize } = this.model;
    const table = this.#values(embedding.tensor);
    const positions = embedding.positions && this.#values(embedding.positions.tensor);
    const length = tokens[0]!.length;
    const hidden = new Float32Array(tokens.length * length * hiddenSize);
    for (const [i, token] of tokens.flat().entries()) {
      for (let j = 0; j < hiddenSize; j++) {
        const learned = positions ? positions[((i % length) + embedding.positions.offset) * hiddenSize + j]! : 0;
        hidden[i * hiddenSize + j] = table[token * hiddenSize + j]! * embedding.scale + learned;
      }
    }
    return new Tensor('float32', hidden, [tokens.length, length, hiddenSize]);
  }

  async #block({ graph, weights, positionKind }: BlockStage, hidden: Tensor): Promise<Tensor> {
    const positions = positionFeeds(this.model.positionInputs(positionKind, hidden.dims[1]!));
    return (await this.#run(graph, { ...this.#feeds(weights), ...positions, hidden }))['output']!;
  }

  async #head(
    graph: Graph,
    hidden: Tensor,
    targets: readonly number[],
    first = 0,
    most = this.model.vocabularySize,
  ): Promise<Record<string, Float32Array>> {
    const { projectionTensor, biasTensor } = this.model.head;
    const { hiddenSize, vocabularySize } = this.model;
    const rows = Math.min(most, vocabularySize - first);
    const matrix = this.#values(projectionTensor).subarray(first * hiddenSize, (first + rows) * hiddenSize);
    const bias = biasTensor === null ? {} : { bias: new Tensor('float32', this.#values(biasTensor).subarray(first, first + rows), [rows]) };
    const local = Array.from({ length: hidden.dims[0]! }, (_, i) => (targets[i] ?? 0) - first).map((row) =>
      row >= 0 && row < rows ? row : 0,
    );
    const target = new Tensor('int64', BigInt64Array.from(local, BigInt), [local.length]);
    const outputs = await this.#run(graph, { hidden, projection: new Tensor('float32', matrix, [rows, hiddenSize]), target, ...bias });
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
  }

  #feeds(weights: readonly GraphWeight[]): Feeds {
    return Object.fromEntries(weights.map(({ input, tensor, shape }) => [input, new Tensor('float32', this.#values(tensor), shape)]));
  }

  #values(tensor: string): Float32Array {
    return new Float32Array(this.weights.get(tensor)!.bytes);
  }

  async #run({ id, bytes }: Graph, feeds: Feeds): Promise<Feeds> {
    const session = this.#sessions.get(id) ?? InferenceSession.create(bytes, { intraOpNumThreads: 1 });
    this.#sessions.set(id, session);
    return { ...(await (await session).run(feeds)) };
  }
}

function positionFeeds(inputs: readonly PositionInput[]): Feeds {
  return Object.fromEntries(inputs.map(({ input, data, dims }) => [input, new Tensor('float32', data, dims)]));
}
