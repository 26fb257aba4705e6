import type { EvaluateContext, EvaluateProgress, EvaluateReport, EvaluateRequest, EvaluationPlan } from '../evaluate/index.js';
import type { OnRun } from './request.js';

/** What a run is doing; each phase counts its own bytes. */
export interface ConnectivityProgress extends EvaluateProgress {
  readonly phase: 'scoring' | 'refining' | 'measuring distances';
}

export interface ConnectivityContext extends Omit<EvaluateContext, 'onProgress'> {
  readonly onProgress?: (progress: ConnectivityProgress) => void;
  readonly onRun?: OnRun;
}

/** What plans and scores candidates. Orchestration knows no more of evaluating than this. */
export interface Evaluator {
  readonly plan: (request: EvaluateRequest, signal?: AbortSignal) => Promise<EvaluationPlan>;
  readonly evaluate: (request: EvaluateRequest, context: EvaluateContext) => Promise<EvaluateReport>;
}
