import { scoreOutside } from '../architectureError.js';
import type { Activation, AttentionProjections, Expansion, Linear, Norm } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import type { Dimensions } from './dimensions.js';

const activations: Readonly<Record<string, Activation>> = {
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  relu: 'relu',
};

/** @throws ArchitectureError for an activation that is not known */
export function readActivation(config: ConfigFields, field: string): Activation {
  const activation = activations[config.text(field)];
  if (activation === undefined) throw config.fault(field, Object.keys(activations).join(', '), scoreOutside);
  return activation;
}

/** A dense layer stored as PyTorch's `Linear`. */
export function linear(module: string, inputSize: number, outputSize: number, bias: boolean): Linear {
  return { module, inputSize, outputSize, bias, layout: 'outputInput' };
}

/** Makes norms of one kind. */
export type MakeNorm = (module: string, size: number) => Norm;

export function normsOf(kind: Norm['kind'], epsilon: number): MakeNorm {
  return (module, size) => ({ module, size, kind, epsilon });
}

/** `q_proj`, `k_proj` and `v_proj`. */
export function separateProjections({ hiddenSize, heads, keyValueHeads, headSize }: Dimensions, bias: boolean): AttentionProjections {
  return {
    kind: 'separate',
    query: linear('self_attn.q_proj', hiddenSize, heads * headSize, bias),
    key: linear('self_attn.k_proj', hiddenSize, keyValueHeads * headSize, bias),
    value: linear('self_attn.v_proj', hiddenSize, keyValueHeads * headSize, bias),
  };
}

/** `gate_proj` and `up_proj`. */
export function gatedExpansion({ hiddenSize, intermediateSize }: Dimensions, bias: boolean): Expansion {
  const gate = linear('mlp.gate_proj', hiddenSize, intermediateSize, bias);
  return { kind: 'gated', gate, up: linear('mlp.up_proj', hiddenSize, intermediateSize, bias) };
}
