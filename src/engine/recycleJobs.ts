import {
  addRelease,
  compareRounds,
  createLineage,
  namedPaths,
  nextRound,
  openLineage,
  prepareStart,
  readLineage,
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
import { requireAllowed } from '../base/allowedFolders.js';
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
import { messageOf } from '../base/errors.js';

/** Lineages of base releases: their files, rounds and comparison. */
export const recycleJobs = {
  'recycle/init': initLineage,
  'recycle/add': withinAllowed(addToLineage),
  'recycle/status': ({ path }: { readonly path: string }, context: JobContext) => openLineage(path, context).then(statusOf),
  'recycle/next': withinAllowed(({ path, sweep, cacheFolder }: NextRoundRequest, context) =>
    reportNext(path, { ...scoringContext(context), sweep, cacheFolder }),
  ),
  'recycle/prepare': withinAllowed(prepareRound),
  'recycle/run': withinAllowed(runNextRound),
  'recycle/record': withinAllowed(recordTrained),
  'recycle/score': withinAllowed(scoreModels),
  'recycle/compare': compareLineages,
};

/** A job that goes on to read what a lineage's file names: refused before it begins where that leads out of the allowed folders. */
function withinAllowed<Request extends { readonly path: string }, Result>(
  job: (request: Request, context: JobContext) => Promise<Result>,
): typeof job {
  return async (request, context) => {
    await requireNamedAllowed(request.path, context);
    return job(request, context);
  };
}

async function requireNamedAllowed(path: string, { allowedFolders = null }: JobContext): Promise<void> {
  if (allowedFolders === null) return;
  const file = await readLineage(path);
  requireAllowed(allowedFolders, namedPaths(file), file.path);
}

async function initLineage({ path, lineage }: { readonly path: string; readonly lineage: NewLineage }): Promise<LineageStatus> {
  const file = await createLineage(path, lineage);
  return statusOf({ file, releases: [] });
}

async function addToLineage({ path, release }: AddReleaseRequest, context: JobContext): Promise<LineageStatus> {
  await addRelease(path, release, context.signal);
  return statusOf(await openLineage(path, context));
}

async function prepareRound({ path, overwrite }: PrepareRoundRequest, context: JobContext): Promise<LineageStatus> {
  const { signal, report } = context;
  const lineage = await refreshLineage(path, signal);
  const next = nextRound(lineage.file.lineage);
  const recycled = next.kind === 'round' ? recycledRound(lineage, next.round) : null;
  if (next.kind === 'round') requireSound(lineage, next.round, overwrite);
  const isDue = recycled !== null && (overwrite || recycled.onDisk.models.start === undefined);
  if (isDue) await prepareStart(lineage, recycled, { signal, overwrite, onProgress: phaseReporter(report) });
  return statusOf(await openLineage(path, context));
}

/** Scores come after the round: that they cannot be taken does not undo it. */
async function runNextRound(
  { path, plain, score, takeOver = false, cacheFolder }: RunRoundRequest,
  context: JobContext,
): Promise<RunRoundResult> {
  const { signal, report } = context;
  const pass = (output: NonNullable<JobProgress['output']>): void => report({ ...noProgress, output });
  const onCombine = phaseReporter(report);
  const result = await PacedOutput.use(pass, (onOutput) => runRound(path, { plain, takeOver, signal, onCombine, onOutput }));
  const status = statusOf(await openLineage(path, context));
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
    return messageOf(error);
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

async function compareLineages({ paths }: CompareRoundsRequest, context: JobContext): ReturnType<typeof compareRounds> {
  const { signal, report } = context;
  for (const path of paths) await requireNamedAllowed(path, context);
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
