/** Structural and numeric comparison of two checkpoints: streams both once and reduces them to a `DiffReport`. */
export { compareCheckpoints, type CompareOptions } from './compareCheckpoints.js';
export { planComparison, planTasks, type ComparisonPlan, type PlannedPair, type PlannedTask, type Treatment } from './planComparison.js';
export { checkOrder, describeSample, rereadMatch, type OrderEvidence, type Reread } from './checkOrder.js';
export * from './report/index.js';
export { computeTensorDetail, type FoundPair, type TensorDetailOptions } from './tensorDetail.js';
