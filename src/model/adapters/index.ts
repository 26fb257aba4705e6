/** Fine-tunes that are stored as a change to a base model's weights. */
export type { AdapterSettings } from './adapterSettings.js';
export { adapterTitle, describeAdapter, mergeRemedy } from './describeAdapter.js';
export { readAdapterFile, type AdapterFile } from './readAdapterFile.js';
export { recogniseAdapter, type AdapterRecognition } from './recogniseAdapter.js';
export { changedWeights, type ChangedWeight } from './changedWeights.js';
