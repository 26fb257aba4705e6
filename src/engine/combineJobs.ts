import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { planCombine, runCombine, verify, type CombineProgress, type Manifest, type VerifyReport } from '../combine/index.js';
import type { JobContext } from './jobs.js';
import type { JobProgress, RunRequest, VerifyRequest } from './protocol.js';
import { Throughput } from './throughput.js';

/** Plans, runs and verifies combinations of checkpoints. */
export const combineJobs = {
  'combine/plan': (request: Parameters<typeof planCombine>[0], { signal }: JobContext) => planCombine(request, signal),
  'combine/run': runPlan,
  'combine/verify': verifyOutput,
};

async function runPlan({ plan, options }: RunRequest, { signal, report }: JobContext): Promise<Manifest> {
  if (plan.refusals.length === 0) await mkdir(dirname(plan.output), { recursive: true });
  return runCombine(plan, { ...options, signal, onProgress: phaseReporter(report) });
}

function verifyOutput({ folder, deep, workers }: VerifyRequest, { signal, report }: JobContext): Promise<VerifyReport> {
  const onProgress = phaseReporter(report);
  return verify(folder, { deep, workers, signal, onProgress: (doneBytes, totalBytes) => onProgress({ phase: 'verifying', doneBytes, totalBytes, tensor: '' }) });
}

type PhaseProgress = Omit<CombineProgress, 'phase'> & { readonly phase: CombineProgress['phase'] | 'verifying' };

/** Each phase has its own rate, and what was done before it began does not count. */
function phaseReporter(report: (progress: JobProgress) => void): (progress: PhaseProgress) => void {
  let current: { readonly phase: string; readonly before: number; readonly throughput: Throughput } | null = null;
  return ({ phase, doneBytes, totalBytes, tensor }) => {
    if (current?.phase !== phase) current = { phase, before: doneBytes, throughput: new Throughput() };
    report({ doneBytes, totalBytes, bytesPerSecond: current.throughput.add(doneBytes - current.before), tensor: tensor === '' ? null : tensor, phase });
  };
}
