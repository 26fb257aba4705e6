import type { ElementRange } from '../../combine/index.js';
import type { GraphWeight, HeadStage, ModelGraph } from '../graph/modelGraph.js';
import type { TokenSequence } from '../tasks/task.js';
import type { WantedTensor } from '../weights/index.js';
import type { RowBlock, StageStep, WeightInput } from './protocol.js';
import { maxOf } from '../../base/extremes.js';

/** One stage of a pass: the tensors it needs, and what it does with their values. */
export interface Stage {
  /** `embedding`, `layer 12`, `vocabulary`. */
  readonly label: string;
  readonly wanted: readonly WantedTensor[];
  readonly step: StageStep;
}

/** Float32 bytes of a block of vocabulary rows, at most. */
const vocabularyBlockByteLength = 8 * 1024 * 1024;

/** Blocks of a stage, so that several workers have some to form. */
const vocabularyBlocksAtOnce = 4;

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
  const longest = maxOf(sequences.map((sequence) => sequence.tokens.length));
  const rows = { tensor: embedding.tensor, ranges: rowRanges(tokens, hiddenSize) };
  const { positions, scale } = embedding;
  const learned = positions === null ? [] : [whole(positions.tensor, positions.offset * hiddenSize, longest * hiddenSize)];
  return {
    label: 'embedding',
    wanted: [rows, ...learned],
    step: { kind: 'embed', tokens, scale },
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
    label: `layer ${layer}`,
    wanted: weights.map(wholeWeight),
    step: { kind: 'block', graph: graph.id, positionKind, weights: weights.map(weightInput) },
  }));
}

function normStage({ norm, normWeights }: HeadStage): Stage {
  return {
    label: 'final norm',
    wanted: normWeights.map(wholeWeight),
    step: { kind: 'norm', graph: norm.id, weights: normWeights.map(weightInput) },
  };
}

/** The vocabulary in blocks of rows: its matrix is never in memory as a whole. */
function vocabularyStages({ head, hiddenSize, vocabularySize }: ModelGraph): Stage[] {
  const most = Math.max(1, Math.floor(vocabularyBlockByteLength / (hiddenSize * 4)));
  const count = Math.ceil(vocabularySize / most);
  const start = (block: number): number => Math.floor((block * vocabularySize) / count);
  const rows = Array.from({ length: count }, (_, block) => ({ firstRow: start(block), rowCount: start(block + 1) - start(block) }));
  return Array.from({ length: Math.ceil(count / vocabularyBlocksAtOnce) }, (_, stage) =>
    vocabularyStage(head, hiddenSize, rows.slice(stage * vocabularyBlocksAtOnce, (stage + 1) * vocabularyBlocksAtOnce)),
  );
}

function vocabularyStage(head: HeadStage, hiddenSize: number, rows: readonly Omit<RowBlock, 'weights'>[]): Stage {
  const weightsOf = (rowCount: number): GraphWeight[] => projectionWeights(head, hiddenSize, rowCount);
  return {
    label: 'vocabulary',
    wanted: rows.flatMap(({ firstRow, rowCount }) =>
      weightsOf(rowCount).map(({ tensor, shape }) => whole(tensor, firstRow * elements(shape.slice(1)), elements(shape))),
    ),
    step: {
      kind: 'project',
      graph: head.projection.id,
      blocks: rows.map((block) => ({ ...block, weights: weightsOf(block.rowCount).map(weightInput) })),
    },
  };
}

function projectionWeights(head: HeadStage, hiddenSize: number, rowCount: number): GraphWeight[] {
  const projection = { input: 'projection', tensor: head.projectionTensor, shape: [rowCount, hiddenSize] };
  return head.biasTensor === null ? [projection] : [projection, { input: 'bias', tensor: head.biasTensor, shape: [rowCount] }];
}

function weightInput({ input, shape }: GraphWeight): WeightInput {
  return { input, dims: shape };
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
