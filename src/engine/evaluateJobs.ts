import {
  planConnectivity,
  runConnectivity,
  type ConnectivityContext,
  type ConnectivityRequest,
  type ConnectivityRun,
} from '../connectivity/index.js';
import {
  evaluate,
  planEvaluation,
  withEstimate,
  type EvaluateContext,
  type EvaluateReport,
  type EvaluateRequest,
} from '../evaluate/index.js';
import type { JobContext } from './job.js';
import { PacedOutput } from './pacedOutput.js';
import { phaseReporter } from './phaseReporter.js';
import type { JobProgress } from './protocol.js';
import type { OutputLine } from '../base/process/commandOutput.js';

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
  const pass = (output: OutputLine): void => onNews({ output });
  const onProgress: EvaluateContext['onProgress'] = (progress) => onPhase({ ...progress, phase: 'scoring', tensor: '' });
  return PacedOutput.use(pass, (onOutput) => evaluate(request, { signal, onProgress, onOutput }));
}

function runPlaces(request: ConnectivityRequest, { signal, report }: JobContext): Promise<ConnectivityRun> {
  const { onPhase, onNews } = progressOf(report);
  const pass = (output: OutputLine): void => onNews({ output });
  const onProgress: ConnectivityContext['onProgress'] = (progress) => onPhase({ ...progress, tensor: '' });
  const onRun = (run: ConnectivityRun): void => onNews({ run });
  return PacedOutput.use(pass, (onOutput) => runConnectivity(request, { signal, onProgress, onOutput, onRun }));
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
