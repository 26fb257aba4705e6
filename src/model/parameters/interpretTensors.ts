import type { Tensor } from '../../checkpoint/index.js';
import type { Scheme } from '../quantisation/index.js';
import { isBuffer } from './buffers.js';
import type { Parameter } from './parameter.js';

/** Every stored tensor has one place here: it is a parameter, a part of one, or a buffer. */
export interface TensorMeaning {
  /** In the order of their first tensor. */
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Tensor[];
  readonly scheme: Scheme | null;
}

/** Says what stored tensors mean. */
export function interpretTensors(tensors: readonly Tensor[]): TensorMeaning {
  const buffers = tensors.filter(isBuffer);
  const known = new Set(buffers);
  return { parameters: tensors.filter((tensor) => !known.has(tensor)).map(storedParameter), buffers, scheme: null };
}

function storedParameter(tensor: Tensor): Parameter {
  const { name, shape, elementCount } = tensor;
  return { name, shape, elementCount, storage: { kind: 'stored', tensor } };
}
