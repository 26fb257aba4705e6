import type { FeedForward, Layer } from '../../model/architecture/index.js';
import { attention } from './attentionGraph.js';
import { activated, linear, normed } from './layerParts.js';
import type { Graph } from './modelGraph.js';
import { GraphBuilder, type Value } from './onnx/graphBuilder.js';

/**
 * The graph of one decoder layer: inputs `hidden` [batch, length, hiddenSize], the rotary tables where there are any, and
 * the layer's weights, named by their paths within the layer; output `output` as `hidden`.
 */
export function blockGraph(layer: Layer, hiddenSize: number): Graph {
  const graph = new GraphBuilder();
  const dims = ['batch', 'length', hiddenSize];
  const hidden = graph.input('hidden', dims);
  const sequences = graph.node('Concat', [graph.node('Shape', [hidden], { end: 2 }), graph.integers([-1])], { axis: 0 });
  const rows = graph.reshape(hidden, [-1, hiddenSize]);
  const attended = attention(graph, layer.attention, rows, sequences);
  graph.output('output', graph.node('Reshape', [residual(graph, layer, rows, attended), sequences]), dims);
  return graph.build();
}

function residual(graph: GraphBuilder, { feedForward: part, residual: kind }: Layer, rows: Value, attended: Value): Value {
  const between = graph.node('Add', [rows, attended]);
  switch (kind) {
    case 'sequential':
      return graph.node('Add', [between, feedForward(graph, part, between)]);
    case 'parallel':
      return graph.node('Add', [between, feedForward(graph, part, rows)]);
    default:
      return kind satisfies never;
  }
}

function feedForward(graph: GraphBuilder, part: FeedForward, rows: Value): Value {
  const expanded = expand(graph, part, normed(graph, part.inputNorm, rows));
  return normed(graph, part.outputNorm, linear(graph, part.down, expanded));
}

function expand(graph: GraphBuilder, { expansion, activation }: FeedForward, rows: Value): Value {
  switch (expansion.kind) {
    case 'plain':
      return activated(graph, activation, linear(graph, expansion.up, rows));
    case 'gated': {
      const gate = activated(graph, activation, linear(graph, expansion.gate, rows));
      return graph.node('Mul', [gate, linear(graph, expansion.up, rows)]);
    }
    case 'fusedGated': {
      const half = expansion.gateUp.outputSize / 2;
      const [gate, up] = graph.split(linear(graph, expansion.gateUp, rows), [half, half]);
      return graph.node('Mul', [activated(graph, activation, gate!), up!]);
    }
    default:
      return expansion satisfies never;
  }
}
