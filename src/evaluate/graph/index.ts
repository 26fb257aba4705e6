/** A model as graphs for onnxruntime, built from its architecture. */
export { activationByteLength } from './activations.js';
export { matrixProductGraph } from './matrixProductGraph.js';
export { modelGraph } from './buildModelGraph.js';
export type * from './modelGraph.js';
export type { StoredTensor } from './resolveTensors.js';
