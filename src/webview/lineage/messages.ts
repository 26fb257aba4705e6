import type { RoundsReport } from '../../recycle/report/index.js';
import type { RunActivity } from '../connectivity/messages.js';
import type { Progress } from '../messages.js';

export interface RoundsPanelState {
  readonly title: string;
  /** What was measured last; null before the first time. */
  readonly report: RoundsReport | null;
  readonly activity: RunActivity;
}

/** Requests a panel of rounds may make; the host answers each with `result` or an error. */
export interface RoundsPanelRequests {
  /** Pull handshake: the panel is ready; the answer is all that is known. */
  ready: { params: undefined; result: RoundsPanelState };
  /** Read the lineages and their diff vectors again. */
  measure: { params: undefined; result: null };
  /** Score every model of every release, then measure. */
  score: { params: undefined; result: null };
  cancel: { params: undefined; result: null };
}

/** Pushed by the host without being asked. */
export interface RoundsPanelEvents {
  state: RoundsPanelState;
  progress: Progress;
}
