import type { Layer, Linear, Norm } from '../../model/architecture/index.js';

/** A weight by its path within a layer or a model, and the shape it is stored in. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

export function linearWeight({ module, inputSize, outputSize, layout }: Linear): NamedShape {
  return { name: `${module}.weight`, shape: layout === 'outputInput' ? [outputSize, inputSize] : [inputSize, outputSize] };
}

export function linearBias({ module, outputSize }: Linear): NamedShape {
  return { name: `${module}.bias`, shape: [outputSize] };
}

export function normWeight({ module, size }: Norm): NamedShape {
  return { name: `${module}.weight`, shape: [size] };
}

export function normBias({ module, size }: Norm): NamedShape {
  return { name: `${module}.bias`, shape: [size] };
}

/** All weights of a layer, by path within the layer. */
export function layerWeights({ attention, feedForward }: Layer): NamedShape[] {
  const norms = [
    attention.inputNorm,
    attention.queryNorm,
    attention.keyNorm,
    attention.outputNorm,
    feedForward.inputNorm,
    feedForward.outputNorm,
  ];
  return [...layerLinears({ attention, feedForward }).flatMap(linearWeights), ...norms.flatMap(normWeights)];
}

/** All dense layers of a layer. */
export function layerLinears({ attention, feedForward }: Pick<Layer, 'attention' | 'feedForward'>): Linear[] {
  const { projections } = attention;
  const { expansion } = feedForward;
  const projected = projections.kind === 'separate' ? [projections.query, projections.key, projections.value] : [projections.linear];
  return [...projected, attention.output, ...expansionLinears(expansion), feedForward.down];
}

/** Weights of a norm; none where there is no norm. */
export function normWeights(norm: Norm | null): NamedShape[] {
  if (norm === null) return [];
  return norm.kind === 'layer' ? [normWeight(norm), normBias(norm)] : [normWeight(norm)];
}

function linearWeights(part: Linear): NamedShape[] {
  return part.bias ? [linearWeight(part), linearBias(part)] : [linearWeight(part)];
}

function expansionLinears(expansion: Layer['feedForward']['expansion']): Linear[] {
  switch (expansion.kind) {
    case 'plain':
      return [expansion.up];
    case 'gated':
      return [expansion.gate, expansion.up];
    case 'fusedGated':
      return [expansion.gateUp];
    default:
      return expansion satisfies never;
  }
}
