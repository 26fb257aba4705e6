import { Tensor } from 'onnxruntime-node';
import { embed, gatherScored, placeBatches, scoredStarts, scoredTokens, type PlacedBatch } from './hiddenStates.js';
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

/**
 * Where a candidate stands: in the middle of the model, with all its hidden states, or past its final norm, with those
 * that scored tokens are predicted from at the beginning of the same array.
 */
type CandidateState =
  | { readonly kind: 'hidden'; readonly values: Float32Array }
  | { readonly kind: 'normed'; readonly values: Float32Array; readonly count: number; readonly sums: SoftmaxSums };

/**
 * The model's side of a pass: holds the hidden states of every candidate and runs the stages over them, in whatever
 * order of candidates the weights arrive. Needs no more memory than these states, room for those of one more candidate, and
 * one stage's weights.
 */
export class StreamedModel {
  readonly #sessions: Sessions;
  readonly #candidates = new Map<number, CandidateState>();
  #pass: BeginRequest | null = null;
  #batches: readonly PlacedBatch[] = [];
  /** As many values as a candidate's hidden states: where a stage puts the new ones. */
  #spare: Float32Array = new Float32Array(0);

  constructor(settings: ModelThreadSettings) {
    this.#sessions = new Sessions(settings);
  }

  /** Carries out one request. */
  async run(request: ModelRequest): Promise<ModelResult> {
    this.#sessions.requireRunning();
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
    this.#batches = placeBatches(request.batches, request.hiddenSize);
    this.#spare = new Float32Array(this.#batches.at(-1)!.to);
    this.#sessions.define(request.graphs);
  }

  #embed(request: EmbedRequest): void {
    const { sequences, hiddenSize } = this.#pass!;
    this.#candidates.set(request.candidate, { kind: 'hidden', values: embed(request, sequences, this.#batches, hiddenSize) });
  }

  async #block({ candidate, graph, positionKind, weights }: BlockRequest): Promise<void> {
    const [before, after] = [this.#hidden(candidate), this.#spare];
    const feeds = weightTensors(weights);
    for (const { length, dims, from, to } of this.#batches) {
      const inputs = { ...feeds, ...this.#positions(positionKind, length), hidden: floatTensor(before.subarray(from, to), dims) };
      await this.#sessions.run(graph, inputs, { output: floatTensor(after.subarray(from, to), dims) });
    }
    this.#candidates.set(candidate, { kind: 'hidden', values: after });
    this.#spare = before;
  }

  async #norm({ candidate, graph, weights }: NormRequest): Promise<void> {
    const { sequences, hiddenSize } = this.#pass!;
    const values = this.#hidden(candidate);
    const count = gatherScored(values, this.#spare, sequences, this.#batches, hiddenSize);
    const feeds = weightTensors(weights);
    for (const { from, to, dims } of this.#slices(count)) {
      const hidden = floatTensor(this.#spare.subarray(from, to), dims);
      await this.#sessions.run(graph, { ...feeds, hidden }, { output: floatTensor(values.subarray(from, to), dims) });
    }
    this.#candidates.set(candidate, { kind: 'normed', values, count, sums: new SoftmaxSums(scoredTokens(sequences)) });
  }

  async #project({ candidate, graph, weights, firstRow, rowCount }: ProjectRequest): Promise<void> {
    const { values, count: scored, sums } = this.#normed(candidate);
    const feeds = weightTensors(weights);
    for (const { first, count, from, to, dims } of this.#slices(scored)) {
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

  #hidden(candidate: number): Float32Array {
    const state = this.#candidates.get(candidate);
    if (state?.kind !== 'hidden') throw new Error(`internal: candidate ${candidate} has no hidden states`);
    return state.values;
  }

  #normed(candidate: number): Extract<CandidateState, { kind: 'normed' }> {
    const state = this.#candidates.get(candidate);
    if (state?.kind !== 'normed') throw new Error(`internal: candidate ${candidate} has not passed its final norm`);
    return state;
  }
}
