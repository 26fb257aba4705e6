import type { Norm } from '../../model/architecture/index.js';
import { normed, softCapped } from './layerParts.js';
import type { Graph } from './modelGraph.js';
import { GraphBuilder, type Value } from './onnx/graphBuilder.js';

/** The final norm: `hidden` [count, hiddenSize] and the norm's weights, by their paths, to `output`. */
export function finalNormGraph(norm: Norm): Graph {
  const graph = new GraphBuilder();
  const dims = ['count', norm.size];
  graph.output('output', normed(graph, norm, graph.input('hidden', dims)), dims);
  return graph.build();
}

/** Logits of a block of the vocabulary and what a softmax over all blocks needs of it: see `HeadStage`. */
export function projectionGraph(hiddenSize: number, bias: boolean, softCap: number | null): Graph {
  const graph = new GraphBuilder();
  const hidden = graph.input('hidden', ['count', hiddenSize]);
  const weights = [graph.input('projection', ['rows', hiddenSize]), ...(bias ? [graph.input('bias', ['rows'])] : [])];
  const logits = softCapped(graph, softCap, graph.node('Gemm', [hidden, ...weights], { transB: 1 }));
  graph.output('logits', logits, ['count', 'rows']);
  addSoftmaxSums(graph, logits);
  addTargetLogit(graph, logits);
  return graph.build();
}

function addSoftmaxSums(graph: GraphBuilder, logits: Value): void {
  const maximum = graph.node('ReduceMax', [logits, graph.integers([1])], { keepdims: 0 });
  const exponentials = graph.node('Exp', [graph.node('Sub', [logits, graph.reshape(maximum, [-1, 1])])]);
  graph.output('maximum', maximum, ['count']);
  graph.output('sumExp', graph.node('ReduceSum', [exponentials, graph.integers([1])], { keepdims: 0 }), ['count']);
}

function addTargetLogit(graph: GraphBuilder, logits: Value): void {
  const target = graph.reshape(graph.input('target', ['count'], 'int64'), [-1, 1]);
  graph.output('targetLogit', graph.reshape(graph.node('GatherElements', [logits, target], { axis: 1 }), [-1]), ['count']);
}
