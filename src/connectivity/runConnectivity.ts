import { evaluate, planEvaluation, withEstimate } from '../evaluate/index.js';
import type { ConnectivityContext, Evaluator } from './context.js';
import { planLine, runLine } from './line/runLine.js';
import { planMatrix, runMatrix } from './matrix/runMatrix.js';
import { planPlane, runPlane } from './plane/runPlane.js';
import type { ConnectivityPlan } from './plan.js';
import type { ConnectivityRun } from './report/index.js';
import type { ConnectivityRequest } from './request.js';

const realEvaluator: Evaluator = { plan: planEvaluation, evaluate };

/** For plans that are shown: with the time it will take. */
const estimatingEvaluator: Evaluator = {
  plan: async (request, signal) => withEstimate(await planEvaluation(request, signal), signal),
  evaluate,
};

/** What a run will cost; reads headers, tokenizers and tasks, but no weights. @throws as `planEvaluation` */
export function planConnectivity(
  request: ConnectivityRequest,
  signal: AbortSignal,
  evaluator = estimatingEvaluator,
): Promise<ConnectivityPlan> {
  switch (request.kind) {
    case 'line':
      return planLine(request, evaluator, signal);
    case 'matrix':
      return planMatrix(request, evaluator, signal);
    case 'plane':
      return planPlane(request, evaluator, signal);
    default:
      return request satisfies never;
  }
}

/** Scores a path, a matrix or a plane. What is known on the way goes to `context.onRun`. @throws as `evaluate` */
export function runConnectivity(
  request: ConnectivityRequest,
  context: ConnectivityContext,
  evaluator = realEvaluator,
): Promise<ConnectivityRun> {
  switch (request.kind) {
    case 'line':
      return runLine(request, evaluator, context);
    case 'matrix':
      return runMatrix(request, evaluator, context);
    case 'plane':
      return runPlane(request, evaluator, context);
    default:
      return request satisfies never;
  }
}
