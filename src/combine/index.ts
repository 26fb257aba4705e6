/** Affine combinations of checkpoints: formula, plan, and the exact, crash-safe writer with its manifest. */
export * from './combination.js';
export { planAdapter, type AdapterPlan, type AdapterRequest } from './adapter/planAdapter.js';
export { writeAdapter } from './adapter/writeAdapter.js';
export { describeNonFinite } from './describeNonFinite.js';
export { describePlan } from './describePlan.js';
export { diffVectorFacts, type DiffVectorFacts } from './diffVector.js';
export { formatCombination, formatScale } from './formatCombination.js';
export { manifestName } from './manifestName.js';
export { partialPath } from './outputPaths.js';
export { outputFacts, type OutputFacts } from './outputFacts.js';
export { FormulaError, parseCombination } from './parseCombination.js';
export * from './plan.js';
export { planCandidates } from './plan/planCandidates.js';
export { planCombine } from './plan/planCombine.js';
export type { ModelPlan } from './plan/planModel.js';
export {
  byLostShare,
  describeRounding,
  describeVocabulary,
  groupTensors,
  inLayerOrder,
  lostShare,
  type TensorGroup,
} from './planSummary.js';
export { planToMarkdown } from './planToMarkdown.js';
export { resultToMarkdown } from './resultToMarkdown.js';
export {
  candidateChoices,
  nameChoices,
  combineRequest,
  outputDtypes,
  settingsChoices,
  type CandidateChoices,
  type CombineRequest,
  type OutputDtype,
  type RequestedInput,
  type SettingsChoice,
} from './request.js';
export { compileSelection } from './selection.js';
export { parseScaleRule, ScaleError, type ScaleRule } from './scaleRule.js';
export * from './run/index.js';
export { JournalError } from './run/journal.js';
