/** What a version means: parameters, settings and vocabulary. Its folders have an index each. */
export type { Model } from './model.js';
export { adaptedBaseOf, sumOfModels } from './sumOfModels.js';
export { assembleModel, noFacts, openModel, type ModelFacts } from './openModel.js';
