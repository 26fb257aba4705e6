/** What the extension host uses of the room `combine`: not its index, which brings the writer and its workers. */
export { applyDelta, diffVector, inputsOf, transfer, type Combination } from '../../combine/combination.js';
export { diffVectorFacts } from '../../combine/diffVector.js';
export { formatCombination, formatScale } from '../../combine/formatCombination.js';
export { manifestName } from '../../combine/manifestName.js';
export type { OutputFacts } from '../../combine/outputFacts.js';
export type { CombinePlan } from '../../combine/plan.js';
export { partialPath } from '../../combine/outputPaths.js';
export { describeNonFinite } from '../../combine/describeNonFinite.js';
export { describeRounding } from '../../combine/planSummary.js';
export { planToMarkdown } from '../../combine/planToMarkdown.js';
export {
  candidateChoices,
  combineRequest,
  outputDtypes,
  type CandidateChoices,
  type CombineRequest,
  type OutputDtype,
  type RequestedInput,
  type SettingsChoice,
} from '../../combine/request.js';
export { parseScaleRule, type ScaleRule } from '../../combine/scaleRule.js';
export { resultToMarkdown } from '../../combine/resultToMarkdown.js';
export type { KeptPartial } from '../../combine/run/keptPartial.js';
export type { Manifest } from '../../combine/run/manifest.js';
export type { VerifyReport } from '../../combine/run/verify.js';
