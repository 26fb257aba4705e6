/** Fine-tunes that are stored as a change to a base model's weights. */
export type { AdapterSettings } from './adapterSettings.js';
export { adapterTitle, describeAdapter, mergeRemedy } from './describeAdapter.js';
export { readAdapterFile, type AdapterFile } from './readAdapterFile.js';
export { recogniseAdapter, type AdapterRecognition } from './recogniseAdapter.js';
export { changedWeights, type ChangedWeight } from './changedWeights.js';
export { additiveChange, whyNotAdded } from './additiveChange.js';
export { applyAdapter, MisfitError, type AdaptedBase, type AppliedAdapter } from './applyAdapter.js';
export { changesItsBase, readAdapterParts, whyNotAdditive, type AdapterParts } from './adapterParts.js';
export { factorsOf, type Factors } from './products.js';
