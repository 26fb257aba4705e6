/** What tools use of the engines: not their indices, which bring the writers and the models' runtime into the extension host. */
export { inputsOf, transfer, type Combination } from '../combine/combination.js';
export { formatCombination } from '../combine/formatCombination.js';
export { parseCombination } from '../combine/parseCombination.js';
export { describeVocabulary, groupTensors, lostShare } from '../combine/planSummary.js';
export type { CombinePlan } from '../combine/plan.js';
export { candidateChoices, combineRequest, type CombineRequest } from '../combine/request.js';
export { parseScaleRule } from '../combine/scaleRule.js';
export { defaultCacheFolder } from '../evaluate/cache/defaultCacheFolder.js';
export { leadingValue, scoreDifference } from '../evaluate/report/scoreDifference.js';
export { defaultSettings, type EvaluateRequest } from '../evaluate/request.js';
