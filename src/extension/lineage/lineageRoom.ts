/** What the extension host uses of the room `recycle`: not its index, which brings the rounds themselves. */
export { markdownCode } from '../../combine/markdownText.js';
export { formatEstimate, formatLoss, lossName, lossOf, type TaskScore } from '../../connectivity/report/index.js';
export { parseCommandLine } from '../../evaluate/outside/commandLine.js';
export { ProcessGroup } from '../../evaluate/outside/processGroup.js';
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
