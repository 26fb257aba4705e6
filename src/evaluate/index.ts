/** Scores combinations of checkpoints without writing them: architectures, layer-streamed forward pass, tasks. */
export * from './report/index.js';
export * from './request.js';
export type * from './plan.js';
export { describeOutsidePlan } from './describeOutsidePlan.js';
export { evaluate } from './evaluate.js';
export { RefusedError } from './refusedError.js';
export { planEvaluation } from './planEvaluation.js';
export { defaultCacheFolder } from './cache/index.js';
export { parseValuePath } from './outside/index.js';
export { withEstimate } from './withEstimate.js';
