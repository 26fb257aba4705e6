import type { Graph } from './modelGraph.js';
import { GraphBuilder } from './onnx/graphBuilder.js';

/** `output = hidden · weightᵀ`, as a layer's projections are computed: to measure how fast a device is. */
export function matrixProductGraph(size: number): Graph {
  const graph = new GraphBuilder();
  const product = graph.node('Gemm', [graph.input('hidden', ['count', size]), graph.input('weight', [size, size])], { transB: 1 });
  graph.output('output', product, ['count', size]);
  return graph.build();
}
