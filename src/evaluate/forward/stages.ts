import type { ElementRange } from '../../combine/index.js';
import type { GraphWeight, HeadStage, ModelGraph } from '../graph/modelGraph.js';
import type { TokenSequence } from '../tasks/task.js';
import type { WantedTensor } from '../weights/index.js';
import type { ModelRequest } from './protocol.js';

/** One stage of a pass: the tensors it needs, and the requests that run it with their values in the same order. */
export interface Stage {
  /** `embedding`, `layer 12`, `vocabulary`. */
  readonly label: string;
  readonly wanted: readonly WantedTensor[];
  readonly requests: (candidate: number, values: readonly ArrayBuffer[]) => readonly ModelRequest[];
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
  const longest = Math.max(...sequences.map((sequence) => sequence.tokens.length));
  const rows = { tensor: embedding.tensor, ranges: rowRanges(tokens, hiddenSize) };
  const { positions, scale } = embedding;
  const learned = positions === null ? [] : [whole(positions.tensor, positions.offset * hiddenSize, longest * hiddenSize)];
  return {
    label: 'embedding',
    wanted: [rows, ...learned],
    requests: (candidate, values) => [{ kind: 'embed', candidate, tokens, scale, rows: values[0]!, positions: values[1] ?? null }],
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
    requests: (candidate, values) => [{ kind: 'block', candidate, graph: graph.id, positionKind, weights: feedsOf(weights, values) }],
  }));
}

function normStage({ norm, normWeights }: HeadStage): Stage {
  return {
    label: 'final norm',
    wanted: normWeights.map(wholeWeight),
    requests: (candidate, values) => [{ kind: 'norm', candidate, graph: norm.id, weights: feedsOf(normWeights, values) }],
  };
}

/** The vocabulary in blocks of rows: its matrix is never in memory as a whole. */
function vocabularyStages({ head, hiddenSize, vocabularySize }: ModelGraph): Stage[] {
  const most = Math.max(1, Math.floor(vocabularyBlockByteLength / (hiddenSize * 4)));
  const count = Math.ceil(vocabularySize / most);
  const start = (block: number): number => Math.floor((block * vocabularySize) / count);
  const blocks = Array.from({ length: count }, (_, block) => ({ firstRow: start(block), rowCount: start(block + 1) - start(block) }));
  return Array.from({ length: Math.ceil(count / vocabularyBlocksAtOnce) }, (_, stage) =>
    vocabularyStage(head, hiddenSize, blocks.slice(stage * vocabularyBlocksAtOnce, (stage + 1) * vocabularyBlocksAtOnce)),
  );
}

interface RowBlock {
  readonly firstRow: number;
  readonly rowCount: number;
}

function vocabularyStage(head: HeadStage, hiddenSize: number, blocks: readonly RowBlock[]): Stage {
  const weights = blocks.map((block) => projectionWeights(head, hiddenSize, block));
  const perBlock = weights[0]!.length;
  return {
    label: 'vocabulary',
    wanted: blocks.flatMap(({ firstRow }, i) =>
      weights[i]!.map(({ tensor, shape }) => whole(tensor, firstRow * elements(shape.slice(1)), elements(shape))),
    ),
    requests: (candidate, values) =>
      blocks.map((block, i) => ({
        kind: 'project',
        candidate,
        graph: head.projection.id,
        ...block,
        weights: feedsOf(weights[i]!, values.slice(i * perBlock, (i + 1) * perBlock)),
      })),
  };
}

function projectionWeights(head: HeadStage, hiddenSize: number, { rowCount }: RowBlock): GraphWeight[] {
  const projection = { input: 'projection', tensor: head.projectionTensor, shape: [rowCount, hiddenSize] };
  return head.biasTensor === null ? [projection] : [projection, { input: 'bias', tensor: head.biasTensor, shape: [rowCount] }];
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
