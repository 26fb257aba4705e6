import type { EvaluationPlan } from '../evaluate/index.js';
import type { ConnectivityRequest } from './request.js';

/** What a run will cost, decided before a weight is read. Plain data. */
export interface ConnectivityPlan {
  readonly request: ConnectivityRequest;
  readonly title: string;
  /** One for each set of tasks that is still to be scored somewhere; empty when the previous run has everything. */
  readonly evaluations: readonly EvaluationPlan[];
  /** Points of the previous run that need nothing more. */
  readonly keptCount: number;
  /** Points that refining may add, after the evaluations and at the same price each. */
  readonly mostRefined: number;
  /** Bytes that are read for the geometry, beside those of the evaluations. */
  readonly geometryByteLength: number;
}
