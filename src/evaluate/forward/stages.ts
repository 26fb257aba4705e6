import type { ElementRange } from '../../combine/index.js';
import type { GraphWeight, HeadStage, ModelGraph } from '../graph/modelGraph.js';
import type { TokenSequence } from '../tasks/task.js';
import type { WantedTensor } from '../weights/index.js';
import type { ModelRequest } from './protocol.js';

/** One stage of a pass: the tensors it needs, and the request that runs it with their values in the same order. */
export interface Stage {
  /** Stages of one kind that follow each other need buffers of the same sizes. */
  readonly kind: 'embedding' | 'block' | 'norm' | 'vocabulary';
  /** `embedding`, `layer 12`, `vocabulary`. */
  readonly label: string;
  readonly wanted: readonly WantedTensor[];
  readonly request: (candidate: number, values: readonly ArrayBuffer[]) => ModelRequest;
}

/** Float32 bytes of a block of vocabulary rows, at most. */
const vocabularyBlockByteLength = 16 * 1024 * 1024;

/** All stages of a pass over these sequences, in order. */
export function stagesOf(graph: ModelGraph, sequences: readonly TokenSequence[]): Stage[] {
  return [embeddingStage(graph, sequences), ...blockStages(graph), normStage(graph.head), ...vocabularyStages(graph)];
}

/** Float32 bytes that a stage forms for one candidate. */
export function stageByteLength({ wanted }: Stage): number {
  return wanted.reduce((sum, { ranges }) => sum + ranges.reduce((total, { count }) => total + count * 4, 0), 0);
}

function embeddingStage({ embedding, hiddenSize }: ModelGraph, sequences: readonly TokenSequence[]): Stage {
  const tokens = distinctTokens(sequences);
  const longest = Math.max(...sequences.map((sequence) => sequence.tokens.length));
  const rows = { tensor: embedding.tensor, ranges: rowRanges(tokens, hiddenSize) };
  const { positions, scale } = embedding;
  const learned = positions === null ? [] : [whole(positions.tensor, positions.offset * hiddenSize, longest * hiddenSize)];
  return {
    kind: 'embedding',
    label: 'embedding',
    wanted: [rows, ...learned],
    request: (candidate, values) => ({ kind: 'embed', candidate, tokens, scale, rows: values[0]!, positions: values[1] ?? null }),
  };
}

function distinctTokens(sequences: readonly TokenSequence[]): Uint32Array {
  const distinct = new Set<number>();
  for (const { tokens } of sequences) for (const token of tokens) distinct.add(token);
  return Uint32Array.from(distinct).sort();
}

/** Neighbouring rows as one range. */
function rowRanges(rows: Uint32Array, rowLength: number): ElementRange[] {
  const ranges: ElementRange[] = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    const first = row * rowLength;
    if (last && last.first + last.count === first) ranges[ranges.length - 1] = { ...last, count: last.count + rowLength };
    else ranges.push({ first, count: rowLength });
  }
  return ranges;
}

function blockStages({ blocks }: ModelGraph): Stage[] {
  return blocks.map(({ layer, graph, weights, positionKind }) => ({
    kind: 'block',
    label: `layer ${layer}`,
    wanted: weights.map(wholeWeight),
    request: (candidate, values) => ({ kind: 'block', candidate, graph: graph.id, positionKind, weights: feedsOf(weights, values) }),
  }));
}

function normStage({ norm, normWeights }: HeadStage): Stage {
  return {
    kind: 'norm',
    label: 'final norm',
    wanted: normWeights.map(wholeWeight),
    request: (candidate, values) => ({ kind: 'norm', candidate, graph: norm.id, weights: feedsOf(normWeights, values) }),
  };
}

/** The vocabulary in blocks of rows: its matrix is never in memory as a whole. */
function vocabularyStages({ head, hiddenSize, vocabularySize }: ModelGraph): Stage[] {
  const most = Math.max(1, Math.floor(vocabularyBlockByteLength / (hiddenSize * 4)));
  const count = Math.ceil(vocabularySize / most);
  return Array.from({ length: count }, (_, block) => {
    const firstRow = Math.floor((block * vocabularySize) / count);
    return vocabularyStage(head, hiddenSize, firstRow, Math.floor(((block + 1) * vocabularySize) / count) - firstRow);
  });
}

function vocabularyStage(head: HeadStage, hiddenSize: number, firstRow: number, rowCount: number): Stage {
  const projection = { input: 'projection', tensor: head.projectionTensor, shape: [rowCount, hiddenSize] };
  const bias = head.biasTensor === null ? [] : [{ input: 'bias', tensor: head.biasTensor, shape: [rowCount] }];
  const weights: readonly GraphWeight[] = [projection, ...bias];
  return {
    kind: 'vocabulary',
    label: 'vocabulary',
    wanted: weights.map(({ tensor, shape }) => whole(tensor, firstRow * elements(shape.slice(1)), elements(shape))),
    request: (candidate, values) => ({
      kind: 'project',
      candidate,
      graph: head.projection.id,
      firstRow,
      rowCount,
      weights: feedsOf(weights, values),
    }),
  };
}

function feedsOf(
  weights: readonly GraphWeight[],
  values: readonly ArrayBuffer[],
): { input: string; dims: readonly number[]; values: ArrayBuffer }[] {
  return weights.map(({ input, shape }, i) => ({ input, dims: shape, values: values[i]! }));
}

function wholeWeight({ tensor, shape }: GraphWeight): WantedTensor {
  return whole(tensor, 0, elements(shape));
}

function whole(tensor: string, first: number, count: number): WantedTensor {
  return { tensor, ranges: [{ first, count }] };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
