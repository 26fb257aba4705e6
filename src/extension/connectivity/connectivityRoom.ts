/** What the extension host uses of the rooms `connectivity` and `evaluate`: not their indices, which bring the models' runtime. */
export { farthestPosition, gridPositions, mostLinePoints } from '../../connectivity/line/grid.js';
export { combinationAt } from '../../connectivity/line/linePath.js';
export { parseMatrixFile } from '../../connectivity/matrix/matrixFile.js';
export type { ConnectivityPlan } from '../../connectivity/plan.js';
export { combinationOn, mostPerAxis } from '../../connectivity/plane/runPlane.js';
export {
  type ConnectivityRun,
  formatPosition,
  type LinePath,
  type LineRun,
  runFromJson,
  runToCsv,
  runToJson,
} from '../../connectivity/report/index.js';
export type { ConnectivityRequest, LineGrid, Scoring } from '../../connectivity/request.js';
export { scoringSettings } from '../../connectivity/scoring/continueRun.js';
export { describeOutsidePlan } from '../../evaluate/describeOutsidePlan.js';
export { defaultCacheFolder } from '../../evaluate/cache/defaultCacheFolder.js';
export type { EvaluationPlan } from '../../evaluate/plan.js';
export { defaultSettings, type EvaluateSettings, type OutsideCommand } from '../../evaluate/request.js';
