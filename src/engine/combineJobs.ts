import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  discardPartial,
  manifestName,
  outputFacts,
  planCombine,
  readManifest,
  runCombine,
  verify,
  type CombinePlan,
  type CombineProgress,
  type Manifest,
  type OutputFacts,
  type VerifyReport,
} from '../combine/index.js';
import type { JobContext } from './jobs.js';
import type { JobProgress, RunRequest, VerifyRequest } from './protocol.js';
import { Throughput } from './throughput.js';

/** Plans, runs and verifies combinations of checkpoints. */
export const combineJobs = {
  'combine/plan': (request: Parameters<typeof planCombine>[0], { signal }: JobContext) => planCombine(request, signal),
  'combine/run': runPlan,
  'combine/discard': ({ plan }: { readonly plan: CombinePlan }) => discardPartial(plan).then(() => null),
  'combine/describe': ({ path }: { readonly path: string }) => describeOutput(path),
  'combine/manifest': ({ folder }: { readonly folder: string }) => readManifest(join(folder, manifestName)),
  'combine/verify': verifyOutput,
};

async function runPlan({ plan, options }: RunRequest, { signal, report }: JobContext): Promise<Manifest> {
  if (plan.refusals.length === 0) await mkdir(dirname(plan.output), { recursive: true });
  return runCombine(plan, { ...options, signal, onProgress: phaseReporter(report) });
}

async function describeOutput(path: string): Promise<OutputFacts | null> {
  const manifest = join(path, manifestName);
  const isOutput = await access(manifest).then(
    () => true,
    () => false,
  );
  return isOutput ? outputFacts(await readManifest(manifest)) : null;
}

function verifyOutput({ folder, deep, workers }: VerifyRequest, { signal, report }: JobContext): Promise<VerifyReport> {
  const onProgress = phaseReporter(report);
  return verify(folder, {
    deep,
    workers,
    signal,
    onProgress: (doneBytes, totalBytes) => onProgress({ phase: 'verifying', doneBytes, totalBytes, tensor: '' }),
  });
}

type PhaseProgress = Omit<CombineProgress, 'phase'> & { readonly phase: CombineProgress['phase'] | 'verifying' };

/** Each phase has its own rate, and what was done before it began does not count. */
function phaseReporter(report: (progress: JobProgress) => void): (progress: PhaseProgress) => void {
  let current: { readonly phase: string; readonly before: number; readonly throughput: Throughput } | null = null;
  return ({ phase, doneBytes, totalBytes, tensor }) => {
    if (current?.phase !== phase) current = { phase, before: doneBytes, throughput: new Throughput() };
    report({
      doneBytes,
      totalBytes,
      bytesPerSecond: current.throughput.add(doneBytes - current.before),
      tensor: tensor === '' ? null : tensor,
      phase,
    });
  };
}
