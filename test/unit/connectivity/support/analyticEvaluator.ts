import type { Evaluator } from '../../../../src/connectivity/index.js';
import { formatCombination, type Combination } from '../../../../src/combine/index.js';
import type {
  EvaluateReport,
  EvaluateRequest,
  EvaluationPlan,
  ReportInput,
  ReportTask,
  TaskScore,
} from '../../../../src/evaluate/index.js';
import { noisyScore } from './scores.js';

/** Total coefficient of every model in a combination. */
export type Coefficients = Readonly<Record<string, number>>;

export interface AnalyticEvaluator extends Evaluator {
  /** Labels and task paths of every evaluation, in order. */
  readonly evaluated: { readonly labels: readonly string[]; readonly tasks: readonly string[] }[];
}

export interface AnalyticOptions {
  readonly scoreOf?: (coefficients: Coefficients, task: string) => TaskScore;
  readonly identity?: string;
  readonly refusal?: string;
}

/** Scores combinations by a formula instead of a model, and remembers what it was asked. */
export function analyticEvaluator(
  lossOf: (coefficients: Coefficients, task: string) => number,
  options: AnalyticOptions = {},
): AnalyticEvaluator {
  const evaluated: { labels: string[]; tasks: string[] }[] = [];
  const { scoreOf = (coefficients: Coefficients, task: string) => noisyScore(lossOf(coefficients, task)), identity = '1' } = options;
  return {
    evaluated,
    plan: (request) => Promise.resolve(planOf(request, identity, options.refusal)),
    evaluate: (request, { signal, onProgress }) => {
      signal?.throwIfAborted();
      evaluated.push({ labels: request.candidates.map(({ label }) => label), tasks: [...request.tasks] });
      onProgress?.({ doneBytes: 1, totalBytes: 1, stage: 'layer 0' });
      return Promise.resolve(reportOf(request, identity, scoreOf));
    },
  };
}

function planOf(request: EvaluateRequest, identity: string, refusal: string | undefined): EvaluationPlan {
  return {
    request,
    inputs: inputsOf(request, identity),
    formerIdentities: Object.fromEntries(request.inputs.map(({ role }) => [role, `former ${identity}`])),
    tasks: tasksOf(request).map((task) => ({ ...task, sequenceCount: 64, tokenCount: 6400 })),
    architecture: 'analytic',
    candidateCount: request.candidates.length,
    cachedCount: 0,
    passes: 1,
    readByteLength: 1,
    formedByteLength: 1,
    peakMemory: 1,
    operations: 1,
    activationByteLength: 1,
    estimatedSeconds: null,
    outside: null,
    findings: [],
    refusals: refusal === undefined ? [] : [{ severity: 'error', code: 'test', message: refusal }],
  };
}

function reportOf(request: EvaluateRequest, identity: string, scoreOf: Required<AnalyticOptions>['scoreOf']): EvaluateReport {
  const { window, stride, limit, precision, bos } = request.settings;
  return {
    inputs: inputsOf(request, identity),
    tasks: tasksOf(request),
    settings: { window, stride, limit, precision, bos },
    candidates: request.candidates.map(({ label, combination }) => ({
      label,
      formula: formatCombination(combination),
      scores: request.tasks.map((task) => scoreOf(coefficientsOf(combination), task)),
      nonFinite: [],
    })),
    findings: [{ severity: 'info', code: 'test', message: 'made by a formula' }],
    seconds: 0,
  };
}

function inputsOf({ inputs }: EvaluateRequest, identity: string): ReportInput[] {
  return inputs.map(({ role, path }) => ({ role, path, name: path.replace('/models/', ''), identity }));
}

function tasksOf({ tasks }: EvaluateRequest): ReportTask[] {
  return tasks.map((path) => ({ name: path.replace('/text/', ''), path, kind: 'loss', hash: `hash of ${path}` }));
}

function coefficientsOf({ steps }: Combination): Coefficients {
  const sums: Record<string, number> = {};
  const add = (role: string, amount: number): void => void (sums[role] = (sums[role] ?? 0) + amount);
  for (const { scale, plus, minus } of steps) {
    add(plus, scale);
    if (minus !== null) add(minus, -scale);
  }
  return sums;
}
