import { kindOf, type Checkpoint, type ScatteredTensor, type Tensor } from '../../checkpoint/index.js';
import { isComputedName } from '../names/index.js';
import { isActivationScale, recogniseCodes, type CodedWeight, type QuantisationStatement, type Scheme } from '../quantisation/index.js';
import type { Parameter } from './parameter.js';

/** Every stored tensor has one place here: it is a parameter, a part of one, or a buffer. */
export interface TensorMeaning {
  /** In the order of their first tensor. */
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Tensor[];
  readonly scheme: Scheme | null;
}

/** What is known of stored tensors beside their names, dtypes and shapes. */
export interface TensorFacts {
  /** What a file beside the weights says of their quantisation. */
  readonly statement: QuantisationStatement | null;
  /** Bytes of the small tensors that describe others, by name. */
  readonly descriptions: ReadonlyMap<string, Uint8Array>;
}

/** Says what a checkpoint's tensors mean. What does not lie in order is a parameter whose values are computed. */
export function interpretTensors(
  { tensors, scattered }: Pick<Checkpoint, 'tensors' | 'scattered'>,
  { statement, descriptions }: TensorFacts,
): TensorMeaning {
  const { weights, scheme } = recogniseCodes(tensors, statement, descriptions);
  if (weights.length === 0) return interpretPlain(tensors, scattered, scheme);
  const weightOf = new Map(weights.flatMap((weight) => Object.values(weight.storage.parts).map((part) => [part.name, weight] as const)));
  const parameters = new Set<Parameter>();
  const buffers: Tensor[] = [];
  const coded = new Map(weights.map((weight) => [weight, codedParameter(weight)]));
  for (const tensor of tensors) {
    const weight = weightOf.get(tensor.name);
    if (weight !== undefined) parameters.add(coded.get(weight)!);
    else if (isBuffer(tensor)) buffers.push(tensor);
    else parameters.add(storedParameter(tensor));
  }
  return { parameters: [...parameters, ...scattered.map(scatteredParameter)], buffers, scheme };
}

function interpretPlain(tensors: readonly Tensor[], scattered: readonly ScatteredTensor[], scheme: Scheme | null): TensorMeaning {
  const parameters: Parameter[] = [];
  const buffers: Tensor[] = [];
  for (const tensor of tensors) {
    if (isBuffer(tensor)) buffers.push(tensor);
    else parameters.push(storedParameter(tensor));
  }
  for (const tensor of scattered) parameters.push(scatteredParameter(tensor));
  return { parameters, buffers, scheme };
}

/**
 * Whether a tensor that is no part of a coded weight is no parameter either: integers and booleans (counters, positions, tables of
 * indices), what the model's code computes itself, and scales of activations. A difference of these means nothing, and they count in
 * no total.
 */
export function isBuffer(tensor: Pick<Tensor, 'name' | 'dtype' | 'shape'>): boolean {
  const kind = kindOf(tensor.dtype);
  return kind === 'integer' || kind === 'boolean' || isComputedName(tensor.name, tensor.shape) || isActivationScale(tensor);
}

function storedParameter(tensor: Tensor): Parameter {
  const { name, shape, elementCount } = tensor;
  return { name, shape, elementCount, storage: { kind: 'stored', tensor } };
}

function scatteredParameter({ name, shape, elementCount, layout }: ScatteredTensor): Parameter {
  return { name, shape, elementCount, storage: layout };
}

function codedParameter({ name, shape, storage }: CodedWeight): Parameter {
  const elementCount = shape?.reduce((total, size) => total * size, 1) ?? null;
  return { name, shape, elementCount, storage };
}
