/** What a model's stored tensors mean: parameters, and buffers that are none. */
export { interpretTensors, isBuffer, type TensorFacts, type TensorMeaning } from './interpretTensors.js';
export {
  countParameters,
  isSharedName,
  describeParameterCount,
  storedTensorsOf,
  type Parameter,
  type ParameterCount,
  type ParameterStorage,
} from './parameter.js';
export { readDescriptions } from './readDescriptions.js';
export { valuesOf, type ParameterValues } from './values.js';
