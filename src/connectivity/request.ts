import type { RequestedInput } from '../combine/index.js';
import type { EvaluateRequest } from '../evaluate/index.js';
import type { ConnectivityRun, LinePath, LineRun, MatrixRun, MatrixVersion } from './report/index.js';

/** Where on a line models are scored. */
export interface LineGrid {
  readonly from: number;
  readonly to: number;
  /** Evenly spaced, both ends included; at least 2. 0 and 1 are added where they lie between the ends and are not among them. */
  readonly points: number;
  /** Add up to this many points where the curve bends most or the barrier is; 0 for a uniform grid. */
  readonly refine: number;
}

/** What every run is scored with. */
export type Scoring = Pick<EvaluateRequest, 'tasks' | 'outside' | 'choices' | 'settings'>;

export interface LineRequest extends Scoring {
  readonly kind: 'line';
  readonly path: LinePath;
  readonly inputs: readonly RequestedInput[];
  readonly grid: LineGrid;
  /** Also measure how the versions lie to each other, which reads them once more. */
  readonly geometry: boolean;
  /** A run to go on with: its points are kept, and only what it lacks is scored. */
  readonly previous: LineRun | null;
}

export interface MatrixRequest extends Scoring {
  readonly kind: 'matrix';
  readonly versions: readonly MatrixVersion[];
  readonly inputs: readonly RequestedInput[];
  readonly previous: MatrixRun | null;
}

export interface PlaneRequest extends Scoring {
  readonly kind: 'plane';
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly inputs: readonly RequestedInput[];
  /** Evenly spaced points per axis over [from, to], as of a `LineGrid`. */
  readonly points: number;
  readonly from: number;
  readonly to: number;
}

export type ConnectivityRequest = LineRequest | MatrixRequest | PlaneRequest;

/** Called with the run as far as it is known, whenever that is more than before. */
export type OnRun = (run: ConnectivityRun) => void;
