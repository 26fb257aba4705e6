import { checkpointParts, discoverCheckpoints } from '../checkpoint/index.js';
import { compareCheckpoints, computeTensorDetail, type DiffReport } from '../compare/index.js';
import { chooseEngine, workerCount, WorkerPool } from '../compute/index.js';
import { combineJobs } from './combineJobs.js';
import { evaluateJobs } from './evaluateJobs.js';
import type { DiffRequest, EngineRequests, JobProgress, TensorDetailRequest } from './protocol.js';
import type { JobContext, Jobs } from './job.js';
import { recycleJobs } from './recycleJobs.js';
import { Throughput } from './throughput.js';
import { openModel } from '../model/index.js';

/** The jobs of the engine: the same code in the background process and in the CLI's own. */
export const jobs: Jobs = {
  'checkpoint/open': ({ path }, { signal }) => openModel(path, signal),
  'checkpoint/parts': ({ path }) => checkpointParts(path),
  'checkpoint/discover': ({ folder, exclude, maximumDepth }, { signal }) => discoverCheckpoints(folder, { exclude, maximumDepth }, signal),
  'diff/run': runDiff,
  'diff/tensor': runTensorDetail,
  ...combineJobs,
  ...evaluateJobs,
  ...recycleJobs,
};

async function runDiff(
  { a, b, options, tellsPartial }: DiffRequest,
  { signal, report }: JobContext,
): Promise<EngineRequests['diff/run']['result']> {
  const engine = await chooseEngine(options.engine, workerCount(options.workers));
  return WorkerPool.use({ engine: engine.name, workers: options.workers }, signal, async (pool) => {
    const [versionA, versionB] = await Promise.all([openModel(a, signal), openModel(b, signal)]);
    const { prefixMap, nameMap } = options;
    let latest: JobProgress = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0, tensor: null };
    const onProgress = progressReporter((progress) => report((latest = progress)));
    const onPartial = tellsPartial === true ? (partial: DiffReport): void => report({ ...latest, partial }) : undefined;
    const rules = nameMap === undefined ? {} : { nameMap };
    return compareCheckpoints(versionA, versionB, { engine, pool, prefixMap, ...rules, onProgress, onPartial });
  });
}

async function runTensorDetail(
  request: TensorDetailRequest,
  { signal, report }: JobContext,
): Promise<EngineRequests['diff/tensor']['result']> {
  const [a, b] = await Promise.all([openModel(request.a, signal), openModel(request.b, signal)]);
  const engine = await chooseEngine('simd', 1);
  const onProgress = progressReporter(report);
  const { found, spans } = request;
  return computeTensorDetail(a, b, request.nameA, request.nameB, { engine, workers: null, signal, onProgress, found, spans });
}

function progressReporter(report: (progress: JobProgress) => void): (done: number, total: number, tensor: string) => void {
  const throughput = new Throughput();
  return (doneBytes, totalBytes, tensor) => report({ doneBytes, totalBytes, bytesPerSecond: throughput.add(doneBytes), tensor });
}
