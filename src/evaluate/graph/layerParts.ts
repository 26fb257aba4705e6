import type { Activation, Linear, Norm } from '../../model/architecture/index.js';
import { linearBias, linearWeight, normBias, normWeight } from './weightShapes.js';
import type { GraphBuilder, Value } from './onnx/graphBuilder.js';

/** `rows·Wᵀ + b`, [rows, outputSize], with the weight as it is stored. */
export function linear(graph: GraphBuilder, part: Linear, rows: Value): Value {
  const parameters = [linearWeight(part), ...(part.bias ? [linearBias(part)] : [])];
  const weights = parameters.map(({ name, shape }) => graph.input(name, shape));
  return graph.node('Gemm', [rows, ...weights], { transB: part.layout === 'outputInput' ? 1 : 0 });
}

/** Normalises along the last axis, which has the norm's size; without a norm the value itself. */
export function normed(graph: GraphBuilder, norm: Norm | null, rows: Value): Value {
  if (norm === null) return rows;
  const stored = graph.input(normWeight(norm).name, normWeight(norm).shape);
  const attributes = { axis: -1, epsilon: { float: norm.epsilon } };
  switch (norm.kind) {
    case 'rms':
      return graph.node('SimplifiedLayerNormalization', [rows, stored], attributes);
    case 'rmsPlusOne':
      return graph.node('SimplifiedLayerNormalization', [rows, graph.node('Add', [stored, graph.scalar(1)])], attributes);
    case 'layer':
      return graph.node('LayerNormalization', [rows, stored, graph.input(normBias(norm).name, normBias(norm).shape)], attributes);
    default:
      return norm.kind satisfies never;
  }
}

/** Elementwise activation. */
export function activated(graph: GraphBuilder, activation: Activation, value: Value): Value {
  switch (activation) {
    case 'silu':
      return graph.microsoftNode('QuickGelu', [value], { alpha: { float: 1 } });
    case 'gelu':
      return graph.node('Gelu', [value]);
    case 'geluTanh':
      return graph.node('Gelu', [value], { approximate: { text: 'tanh' } });
    case 'relu':
      return graph.node('Relu', [value]);
    default:
      return activation satisfies never;
  }
}

/** `cap · tanh(value / cap)`; without a cap the value itself. */
export function softCapped(graph: GraphBuilder, cap: number | null, value: Value): Value {
  if (cap === null) return value;
  return graph.node('Mul', [graph.node('Tanh', [graph.node('Div', [value, graph.scalar(cap)])]), graph.scalar(cap)]);
}
