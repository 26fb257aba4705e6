import type { ConnectivityRun } from '../../connectivity/report/index.js';
import type { ExportedPicture, Progress } from '../messages.js';
import type { PointPlace } from '../model/connectivity/chosenPoint.js';

export type { PointPlace };

/** What the run of a panel is doing. Whatever it has found so far stays shown. */
export type RunActivity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

export interface ConnectivityPanelState {
  readonly title: string;
  /** As far as it is known; null before the first scores. */
  readonly run: ConnectivityRun | null;
  readonly activity: RunActivity;
  /** Runs laid over a line run, in the order in which they were added. */
  readonly overlays: readonly ConnectivityRun[];
  /** Why points can be neither scored nor written, as a sentence; null when they can. */
  readonly obstacle: string | null;
}

/** Requests a connectivity panel may make; the host answers each with `result` or an error. */
export interface ConnectivityPanelRequests {
  /** Pull handshake: the panel is ready; the answer is all that is known. */
  ready: { params: undefined; result: ConnectivityPanelState };
  cancel: { params: undefined; result: null };
  /** Score what an incomplete or failed run lacks. */
  goOn: { params: undefined; result: null };
  /** Score more points of a line where the curve bends most or the barrier is. */
  refine: { params: undefined; result: null };
  /** Ask for another task file and score every point on it. */
  addTask: { params: undefined; result: null };
  /** Ask for a saved run and lay it over this one. */
  addRun: { params: undefined; result: null };
  removeRun: { params: { overlay: number }; result: null };
  /** Plan the checkpoint of one point and ask before it is written. `overlay` is null for the panel's own run. */
  writePoint: { params: { overlay: number | null; place: PointPlace }; result: null };
  saveRun: { params: undefined; result: { savedTo: string | null } };
  exportTable: { params: undefined; result: { savedTo: string | null } };
  exportPicture: { params: ExportedPicture; result: { savedTo: string | null } };
}

/** Pushed by the host without being asked. */
export interface ConnectivityPanelEvents {
  state: ConnectivityPanelState;
  progress: Progress;
}
