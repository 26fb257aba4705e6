import { Tensor } from 'onnxruntime-node';
import { embed, gatherScored, scoredStarts, scoredTokens, type BatchStates } from './hiddenStates.js';
import type {
  BeginRequest,
  BlockRequest,
  EmbedRequest,
  ModelRequest,
  ModelResult,
  ModelThreadSettings,
  NormRequest,
  ProjectRequest,
} from './protocol.js';
import { measureSpeed } from './measureSpeed.js';
import { floatTensor, Sessions, weightTensors } from './sessions.js';
import { SoftmaxSums } from './softmaxSums.js';

/** Tokens that pass the final norm or meet a block of the vocabulary at once, to bound the size of the logits. */
const tokensAtOnce = 512;

/** Where a candidate stands: in the middle of the model, or past its final norm. */
type CandidateState =
  | { readonly kind: 'hidden'; readonly states: BatchStates[] }
  | { readonly kind: 'normed'; readonly values: Float32Array; readonly sums: SoftmaxSums };

/**
 * The model's side of a pass: holds the hidden states of every candidate and runs the stages over them, in whatever
 * order of candidates the weights arrive. Needs no more memory than these states and one stage's weights.
 */
export class StreamedModel {
  readonly #sessions: Sessions;
  readonly #candidates = new Map<number, CandidateState>();
  #pass: BeginRequest | null = null;
  #spare = new Float32Array(0);

  constructor(settings: ModelThreadSettings) {
    this.#sessions = new Sessions(settings);
  }

  /** Carries out one request. */
  async run(request: ModelRequest): Promise<ModelResult> {
    switch (request.kind) {
      case 'begin':
        this.#begin(request);
        return null;
      case 'embed':
        this.#embed(request);
        return null;
      case 'block':
        await this.#block(request);
        return null;
      case 'norm':
        await this.#norm(request);
        return null;
      case 'project':
        await this.#project(request);
        return null;
      case 'finish':
        return this.#finish(request.candidate);
      case 'measure':
        return [Float64Array.of(await measureSpeed(this.#sessions, request))];
      default:
        return request satisfies never;
    }
  }

  #begin(request: BeginRequest): void {
    this.#candidates.clear();
    this.#pass = request;
    this.#sessions.define(request.graphs);
  }

  #embed(request: EmbedRequest): void {
    const { batches, sequences, hiddenSize } = this.#pass!;
    const states = batches.map((batch) => embed(request, sequences, batch, hiddenSize));
    this.#candidates.set(request.candidate, { kind: 'hidden', states });
  }

  async #block({ candidate, graph, positionKind, weights }: BlockRequest): Promise<void> {
    const states = this.#hidden(candidate);
    const { hiddenSize } = this.#pass!;
    const feeds = weightTensors(weights);
    for (const [i, { batch, values }] of states.entries()) {
      const dims = [batch.sequences.length, batch.length, hiddenSize];
      const output = this.#spareOf(values.length);
      const inputs = { ...feeds, ...this.#positions(positionKind, batch.length), hidden: floatTensor(values, dims) };
      await this.#sessions.run(graph, inputs, { output: floatTensor(output, dims) });
      states[i] = { batch, values: output };
      this.#spare = values;
    }
  }

  async #norm({ candidate, graph, weights }: NormRequest): Promise<void> {
    const { sequences, hiddenSize } = this.#pass!;
    const gathered = gatherScored(this.#hidden(candidate), sequences, hiddenSize);
    const values = new Float32Array(gathered.length);
    const feeds = weightTensors(weights);
    for (const { from, to, dims } of this.#slices(gathered.length / hiddenSize)) {
      const hidden = floatTensor(gathered.subarray(from, to), dims);
      await this.#sessions.run(graph, { ...feeds, hidden }, { output: floatTensor(values.subarray(from, to), dims) });
    }
    this.#candidates.set(candidate, { kind: 'normed', values, sums: new SoftmaxSums(scoredTokens(sequences)) });
  }

  async #project({ candidate, graph, weights, firstRow, rowCount }: ProjectRequest): Promise<void> {
    const { values, sums } = this.#normed(candidate);
    const feeds = weightTensors(weights);
    for (const { first, count, from, to, dims } of this.#slices(values.length / this.#pass!.hiddenSize)) {
      const target = new Tensor('int64', sums.localTargets(first, count, firstRow, rowCount), [count]);
      const block = { maximum: new Float32Array(count), sumExp: new Float32Array(count), targetLogit: new Float32Array(count) };
      const outputs = Object.fromEntries(Object.entries(block).map(([name, data]) => [name, floatTensor(data, [count])]));
      await this.#sessions.run(graph, { ...feeds, hidden: floatTensor(values.subarray(from, to), dims), target }, outputs);
      sums.add(first, block, firstRow, rowCount);
    }
  }

  #finish(candidate: number): Float64Array[] {
    const { sums } = this.#normed(candidate);
    this.#candidates.delete(candidate);
    const all = sums.logProbabilities();
    const starts = scoredStarts(this.#pass!.sequences);
    return this.#pass!.sequences.map((_, i) => all.slice(starts[i], starts[i + 1]));
  }

  *#slices(tokenCount: number): Generator<{ first: number; count: number; from: number; to: number; dims: number[] }> {
    const { hiddenSize } = this.#pass!;
    for (let first = 0; first < tokenCount; first += tokensAtOnce) {
      const count = Math.min(tokensAtOnce, tokenCount - first);
      yield { first, count, from: first * hiddenSize, to: (first + count) * hiddenSize, dims: [count, hiddenSize] };
    }
  }

  #positions(kind: string, length: number): Record<string, Tensor> {
    const found = this.#pass!.positions.find((entry) => entry.kind === kind && entry.length === length);
    if (found === undefined) throw new Error(`internal: no position inputs of kind ${kind} for ${length} tokens`);
    return Object.fromEntries(found.inputs.map(({ input, dims, data }) => [input, floatTensor(data, dims)]));
  }

  #hidden(candidate: number): BatchStates[] {
    const state = this.#candidates.get(candidate);
    if (state?.kind !== 'hidden') throw new Error(`internal: candidate ${candidate} has no hidden states`);
    return state.states;
  }

  #normed(candidate: number): Extract<CandidateState, { kind: 'normed' }> {
    const state = this.#candidates.get(candidate);
    if (state?.kind !== 'normed') throw new Error(`internal: candidate ${candidate} has not passed its final norm`);
    return state;
  }

  /** Memory of the last batch's input, used again for the next one's output where the sizes agree. */
  #spareOf(length: number): Float32Array<ArrayBuffer> {
    const spare = this.#spare;
    return spare.length === length ? spare : new Float32Array(length);
  }
}
