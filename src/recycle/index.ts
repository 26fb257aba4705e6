/** Recycling-then-finetuning over a series of base releases: the lineage file, its rounds, their evidence and comparison. */
export { compareRounds } from './comparison/compareRounds.js';
export { measureDiffVectors, type FineTunePair, type MeasuredDiffVector } from './comparison/measureDiffVectors.js';
export type { FineTuneCheck } from './disk/checkFineTune.js';
export { UnusableModelError } from './disk/planDifference.js';
export type { ReleaseOnDisk } from './disk/inspectLineage.js';
export type { ModelOnDisk } from './disk/inspectModel.js';
export { roundPaths, roundsFolder, type FineTune, type RoundPaths } from './disk/roundPaths.js';
export { TrainingUnderWayError } from './disk/trainingOwner.js';
export { advise } from './evidence/advise.js';
export { gatherEvidence, type EvidenceOptions } from './evidence/gatherEvidence.js';
export { reportNext } from './evidence/reportNext.js';
export { scoreRelease } from './evidence/scoreRelease.js';
export * from './file/lineage.js';
export { LineageError } from './file/lineageError.js';
export {
  createLineage,
  lineageSuffix,
  namedPaths,
  pathFromFile,
  pathInFile,
  readLineage,
  type LineageFile,
  type NewLineage,
} from './file/lineageFile.js';
export { parseLineage } from './file/parseLineage.js';
export * from './report/index.js';
export { addRelease, recordModel, type NewRelease } from './rounds/addRelease.js';
export { nextPlainRound, nextRound, type NextRound, type Round, type RoundStart } from './rounds/nextRound.js';
export { planStart, prepareStart, recycledRound, StartError, type RecycledRound } from './rounds/prepareStart.js';
export { disagreements, openLineage, refreshLineage, type LineageOnDisk } from './rounds/refreshLineage.js';
export { requireSound, RoundError, runRound, type RoundOptions, type RoundResult } from './rounds/runRound.js';
export { statusOf } from './rounds/statusOf.js';
