export { formatEstimate, formatLoss, lossName, lossOf, type TaskScore } from '../../connectivity/report/index.js';
export { roundPaths, roundsFolder } from '../../recycle/disk/roundPaths.js';
export type { NewLineage } from '../../recycle/file/lineageFile.js';
export { lineageSuffix, pathInFile } from '../../recycle/file/lineageFile.js';
export { releaseName } from '../../recycle/file/parseLineage.js';
export {
  type Advice,
  formatScore,
  type LineageStatus,
  type ModelRole,
  modelNames,
  type ModelStatus,
  type NextReport,
  type NextStep,
  type ReleaseState,
  type ReleaseStatus,
  type RoundEvidence,
  type RoundScore,
  type RoundsReport,
  type Stance,
  strategies,
  type Strategy,
  type TaskEvidence,
} from '../../recycle/report/index.js';
export type { NewRelease } from '../../recycle/rounds/addRelease.js';
