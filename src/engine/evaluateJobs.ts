import { planConnectivity, runConnectivity, type ConnectivityRequest, type ConnectivityRun } from '../connectivity/index.js';
import { evaluate, planEvaluation, withEstimate, type EvaluateReport, type EvaluateRequest } from '../evaluate/index.js';
import type { OutputLine } from '../evaluate/outside/index.js';
import type { JobContext } from './jobs.js';
import { phaseReporter } from './phaseReporter.js';
import type { JobProgress } from './protocol.js';

/** Plans and scores combinations, alone and along paths, in matrices and on planes. */
export const evaluateJobs = {
  'evaluate/plan': (request: EvaluateRequest, { signal }: JobContext) =>
    planEvaluation(request, signal).then((plan) => withEstimate(plan, signal)),
  'evaluate/run': runEvaluation,
  'connectivity/plan': (request: ConnectivityRequest, { signal }: JobContext) => planConnectivity(request, signal),
  'connectivity/run': runPlaces,
};

function runEvaluation(request: EvaluateRequest, { signal, report }: JobContext): Promise<EvaluateReport> {
  const { onPhase, onNews } = progressOf(report);
  return evaluate(request, {
    signal,
    onProgress: (progress) => onPhase({ ...progress, phase: 'scoring', tensor: '' }),
    onOutput: (output) => onNews({ output }),
  });
}

function runPlaces(request: ConnectivityRequest, { signal, report }: JobContext): Promise<ConnectivityRun> {
  const { onPhase, onNews } = progressOf(report);
  return runConnectivity(request, {
    signal,
    onProgress: (progress) => onPhase({ ...progress, tensor: '' }),
    onOutput: (output) => onNews({ output }),
    onRun: (run) => onNews({ run }),
  });
}

type News = { readonly run: ConnectivityRun } | { readonly output: OutputLine };

/** News travels with the progress that was last told. */
function progressOf(report: (progress: JobProgress) => void): {
  readonly onPhase: ReturnType<typeof phaseReporter>;
  readonly onNews: (news: News) => void;
} {
  let last: JobProgress = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0, tensor: null };
  const onPhase = phaseReporter((progress) => {
    last = progress;
    report(progress);
  });
  return { onPhase, onNews: (news) => report({ ...last, ...news }) };
}
