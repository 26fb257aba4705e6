import {
  addRelease,
  compareRounds,
  createLineage,
  nextRound,
  openLineage,
  prepareStart,
  recordModel,
  recycledRound,
  refreshLineage,
  reportNext,
  requireSound,
  roundPaths,
  runRound,
  scoreRelease,
  statusOf,
  type EvidenceOptions,
  type FineTuneCheck,
  type LineageStatus,
  type NewLineage,
} from '../recycle/index.js';
import type { JobContext } from './job.js';
import { PacedOutput } from './pacedOutput.js';
import { phaseReporter } from './phaseReporter.js';
import type {
  AddReleaseRequest,
  CompareRoundsRequest,
  JobProgress,
  NextRoundRequest,
  PrepareRoundRequest,
  RecordModelRequest,
  RunRoundRequest,
  RunRoundResult,
  ScoreReleaseRequest,
} from './protocol.js';

/** Lineages of base releases: their files, rounds and comparison. */
export const recycleJobs = {
  'recycle/init': initLineage,
  'recycle/add': addToLineage,
  'recycle/status': ({ path }: { readonly path: string }, { signal }: JobContext) => openLineage(path, signal).then(statusOf),
  'recycle/next': ({ path, sweep, cacheFolder }: NextRoundRequest, context: JobContext) =>
    reportNext(path, { ...scoringContext(context), sweep, cacheFolder }),
  'recycle/prepare': prepareRound,
  'recycle/run': runNextRound,
  'recycle/record': recordTrained,
  'recycle/score': scoreModels,
  'recycle/compare': compareLineages,
};

async function initLineage({ path, lineage }: { readonly path: string; readonly lineage: NewLineage }): Promise<LineageStatus> {
  const file = await createLineage(path, lineage);
  return statusOf({ file, releases: [] });
}

async function addToLineage({ path, release }: AddReleaseRequest, { signal }: JobContext): Promise<LineageStatus> {
  await addRelease(path, release, signal);
  return statusOf(await openLineage(path, signal));
}

async function prepareRound({ path, overwrite }: PrepareRoundRequest, { signal, report }: JobContext): Promise<LineageStatus> {
  const lineage = await refreshLineage(path, signal);
  const next = nextRound(lineage.file.lineage);
  const recycled = next.kind === 'round' ? recycledRound(lineage, next.round) : null;
  if (next.kind === 'round') requireSound(lineage, next.round, overwrite);
  const isDue = recycled !== null && (overwrite || recycled.onDisk.models.start === undefined);
  if (isDue) await prepareStart(lineage, recycled, { signal, overwrite, onProgress: phaseReporter(report) });
  return statusOf(await openLineage(path, signal));
}

/** Scores come after the round: that they cannot be taken does not undo it. */
async function runNextRound({ path, plain, score, cacheFolder }: RunRoundRequest, context: JobContext): Promise<RunRoundResult> {
  const { signal, report } = context;
  const pass = (output: NonNullable<JobProgress['output']>): void => report({ ...noProgress, output });
  const onCombine = phaseReporter(report);
  const result = await PacedOutput.use(pass, (onOutput) => runRound(path, { plain, signal, onCombine, onOutput }));
  const status = statusOf(await openLineage(path, signal));
  if (result.kind === 'complete') return { trained: null, status, scoringProblem: null };
  const { round, check } = result;
  const trained = {
    release: round.release.name,
    fineTune: round.fineTune,
    path: result.path,
    log: roundPaths(path, round.release.name, round.fineTune).log,
    ...check,
  };
  const scoringProblem = score ? await whyNotScored({ path, release: trained.release, cacheFolder }, context) : null;
  return { trained, status, scoringProblem };
}

async function whyNotScored(request: ScoreReleaseRequest, context: JobContext): Promise<string | null> {
  try {
    await scoreModels(request, context);
    return null;
  } catch (error) {
    context.signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}

function recordTrained(request: RecordModelRequest, { signal }: JobContext): Promise<FineTuneCheck> {
  const { path, release, fineTune, model, overwrite } = request;
  return recordModel(path, release, fineTune, model, { overwrite, signal });
}

async function scoreModels({ path, release, cacheFolder }: ScoreReleaseRequest, context: JobContext): Promise<null> {
  const lineage = await refreshLineage(path, context.signal);
  await scoreRelease(lineage, release, { ...scoringContext(context), cacheFolder });
  return null;
}

function compareLineages({ paths }: CompareRoundsRequest, { signal, report }: JobContext): ReturnType<typeof compareRounds> {
  const onPhase = phaseReporter(report);
  return compareRounds(paths, {
    signal,
    onProgress: (doneBytes, totalBytes, tensor) => onPhase({ phase: 'measuring diff vectors', doneBytes, totalBytes, tensor }),
  });
}

const noProgress: JobProgress = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0, tensor: null };

function scoringContext({ signal, report }: JobContext): Pick<EvidenceOptions, 'context'> {
  const onPhase = phaseReporter(report);
  return { context: { signal, onProgress: (progress) => onPhase({ ...progress, tensor: '' }) } };
}
