import type { GraphBuilder, Value } from './onnx/graphBuilder.js';

/** [length, length], to be added to scores: 0 where the row's position may see the column's, else −∞. `length` is [1] int64. */
export function causalMask(graph: GraphBuilder, length: Value, window: number | null): Value {
  const count = graph.node('Squeeze', [length]);
  const positions = graph.node('Range', [graph.integer(0), count, graph.integer(1)]);
  const distance = graph.node('Sub', [graph.reshape(positions, [-1, 1]), positions]);
  const past = graph.node('GreaterOrEqual', [distance, graph.integer(0)]);
  const visible = window === null ? past : graph.node('And', [past, graph.node('Less', [distance, graph.integer(window)])]);
  return graph.node('Where', [visible, graph.scalar(0), graph.scalar(-Infinity)]);
}
