/** What a model's stored tensors mean: parameters, and buffers that are none. */
export { isBuffer, isComputed } from './buffers.js';
export { interpretTensors, type TensorMeaning } from './interpretTensors.js';
export { countParameters, type Parameter, type ParameterCount, type ParameterStorage } from './parameter.js';
