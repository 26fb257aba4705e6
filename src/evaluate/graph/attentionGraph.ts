import type { Attention, Norm, Rope } from '../../model/architecture/index.js';
import { linear, normed, softCapped } from './layerParts.js';
import type { GraphBuilder, Value } from './onnx/graphBuilder.js';
import { cosines, sines } from './rotaryTables.js';

/**
 * Causal self-attention over rows [batch · length, hiddenSize]; `sequences` is the shape [batch, length, -1].
 *
 * Queries of heads that share keys form one matrix, so that keys and values are not repeated in memory.
 */
export function attention(graph: GraphBuilder, part: Attention, rows: Value, sequences: Value): Value {
  const { heads, keyValueHeads, headSize } = part;
  const [query, key, value] = projected(graph, part, normed(graph, part.inputNorm, rows));
  const rotate = rotation(graph, part.rope, sequences);
  const queries = byHead(graph, part, rotate(normedHeads(graph, part.queryNorm, query), heads), heads / keyValueHeads);
  const keys = byHead(graph, part, rotate(normedHeads(graph, part.keyNorm, key), keyValueHeads), 1);
  const values = byHead(graph, part, graph.node('Reshape', [value, sequences]), 1);
  const probabilities = attentionProbabilities(graph, part, queries, keys, sequences);
  const mixed = graph.reshape(graph.node('MatMul', [probabilities, values]), [0, keyValueHeads, heads / keyValueHeads, -1, headSize]);
  const joined = graph.reshape(graph.node('Transpose', [mixed], { perm: [0, 3, 1, 2, 4] }), [-1, heads * headSize]);
  return normed(graph, part.outputNorm, linear(graph, part.output, joined));
}

type Projected = readonly [query: Value, key: Value, value: Value];

/** Queries, keys and values, each [batch · length, heads · headSize]. */
function projected(graph: GraphBuilder, { projections, heads, keyValueHeads, headSize }: Attention, rows: Value): Projected {
  switch (projections.kind) {
    case 'separate':
      return [linear(graph, projections.query, rows), linear(graph, projections.key, rows), linear(graph, projections.value, rows)];
    case 'fused': {
      const sizes = [heads * headSize, keyValueHeads * headSize, keyValueHeads * headSize];
      const [query, key, value] = graph.split(linear(graph, projections.linear, rows), sizes);
      return [query!, key!, value!];
    }
    case 'interleaved': {
      const perHead = graph.reshape(linear(graph, projections.linear, rows), [-1, heads, 3 * headSize]);
      const [query, key, value] = graph.split(perHead, [headSize, headSize, headSize]);
      return [query!, key!, value!];
    }
    default:
      return projections satisfies never;
  }
}

/** Normalises each head, or all heads of a position together, as the norm's size says. */
function normedHeads(graph: GraphBuilder, norm: Norm | null, projection: Value): Value {
  return norm === null ? projection : normed(graph, norm, graph.reshape(projection, [-1, norm.size]));
}

/** Makes a projection a sequence [batch, length, heads · headSize] and turns each head by its position. */
function rotation(graph: GraphBuilder, rope: Rope | null, sequences: Value): (projection: Value, heads: number) => Value {
  const sequence = (projection: Value) => graph.node('Reshape', [projection, sequences]);
  if (rope === null) return sequence;
  const tables = [cosines, sines].map((name) => graph.input(name, ['length', rope.size / 2]));
  const inputs = [graph.integers([0]), ...tables];
  return (projection, heads) =>
    graph.microsoftNode('RotaryEmbedding', [sequence(projection), ...inputs], { num_heads: heads, rotary_embedding_dim: rope.size });
}

/** [batch, length, heads · headSize] as [batch, keyValueHeads, group · length, headSize]. */
function byHead(graph: GraphBuilder, { keyValueHeads, headSize }: Attention, sequence: Value, group: number): Value {
  const split = graph.reshape(sequence, [0, 0, keyValueHeads, group, headSize]);
  return graph.reshape(graph.node('Transpose', [split], { perm: [0, 2, 3, 1, 4] }), [0, 0, -1, headSize]);
}

/** [batch, keyValueHeads, group · length, length]: of each query, how much of each position it takes. */
function attentionProbabilities(graph: GraphBuilder, part: Attention, queries: Value, keys: Value, sequences: Value): Value {
  const scores = graph.microsoftNode('FusedMatMul', [queries, keys], { transB: 1, alpha: { float: part.scale } });
  const length = graph.node('Slice', [sequences, graph.integers([1]), graph.integers([2])]);
  const square = graph.node('Concat', [graph.integers([-1]), length, length], { axis: 0 });
  const capped = graph.node('Reshape', [softCapped(graph, part.softCap, scores), square]);
  const probabilities = graph.node('Softmax', [graph.node('Add', [capped, causalMask(graph, length, part.window)])], { axis: -1 });
  return graph.node('Reshape', [probabilities, graph.node('Shape', [scores])]);
}

/** [length, length], to be added to scores: 0 where the row's position may see the column's, else −∞. `length` is [1] int64. */
function causalMask(graph: GraphBuilder, length: Value, window: number | null): Value {
  const count = graph.node('Squeeze', [length]);
  const positions = graph.node('Range', [graph.integer(0), count, graph.integer(1)]);
  const distance = graph.node('Sub', [graph.reshape(positions, [-1, 1]), positions]);
  const past = graph.node('GreaterOrEqual', [distance, graph.integer(0)]);
  const visible = window === null ? past : graph.node('And', [past, graph.node('Less', [distance, graph.integer(window)])]);
  return graph.node('Where', [visible, graph.scalar(0), graph.scalar(-Infinity)]);
}
