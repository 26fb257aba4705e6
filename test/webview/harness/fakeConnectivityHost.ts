import type { ConnectivityPanelRequests, ConnectivityPanelState, Handlers, RunActivity } from '../../../src/webview/index.js';
import type { ConnectivityRun, LineRun } from '../../../src/connectivity/report/index.js';
import { barrierRun, brokenRun, connectedRun, hostileRun, matrixRun, partialRun, planeRun, sweepRun } from './connectivityFixtures.js';
import { bigMatrixRun, longNameRun } from './longNames.js';
import { outsideRun } from './outsideRuns.js';

const running: RunActivity = { kind: 'running', progress: { fraction: 0.41, message: 'layer 5 · 41% · 12.0 s left' } };

function stateOf(run: ConnectivityRun | null, part: Partial<ConnectivityPanelState> = {}): ConnectivityPanelState {
  return { title: run?.title ?? 'base-1 ↔ base-2', run, activity: { kind: 'idle' }, overlays: [], obstacle: null, ...part };
}

const scenarios: Readonly<Record<string, () => ConnectivityPanelState>> = {
  barrier: () => stateOf(barrierRun()),
  overlaid: () => stateOf(barrierRun(), { overlays: [connectedRun(), sweepRun()] }),
  sweep: () => stateOf(sweepRun()),
  broken: () => stateOf(brokenRun(), { activity: { kind: 'cancelled' } }),
  starting: () => stateOf(null, { activity: running }),
  partial: () => stateOf(partialRun(4), { activity: running }),
  failed: () =>
    stateOf(partialRun(4), { activity: { kind: 'failed', message: 'config.json says 6 layers, the weights have 5. Restore the file.' } }),
  long: () => stateOf(longNameRun()),
  bigMatrix: () => stateOf(bigMatrixRun()),
  outside: () => stateOf(outsideRun()),
  matrix: () => stateOf(matrixRun()),
  plane: () => stateOf(planeRun()),
  saved: () => stateOf(barrierRun(), { obstacle: 'The models are no longer there.' }),
  hostile: () => stateOf(hostileRun()),
};

/** Answers a connectivity panel as the extension would, from invented runs. */
export function connectivityHandlers(
  scenario: string,
  emit: (event: string, payload: unknown) => void,
): Handlers<ConnectivityPanelRequests> {
  let state = (scenarios[scenario] ?? (() => stateOf(barrierRun())))();
  const show = (part: Partial<ConnectivityPanelState>): null => {
    state = { ...state, ...part };
    emit('state', state);
    return null;
  };
  return {
    ready: () => state,
    cancel: () => show({ activity: { kind: 'cancelled' } }),
    goOn: () => show({ activity: running }),
    refine: () => show({ activity: running }),
    addTask: () => null,
    addRun: () => show({ overlays: [...state.overlays, connectedRun() satisfies LineRun] }),
    removeRun: ({ overlay }) => show({ overlays: state.overlays.filter((_, index) => index !== overlay) }),
    writePoint: () => null,
    saveRun: () => {
      throw new Error('The disk is full.');
    },
    exportTable: () => ({ savedTo: '/runs/scores.csv' }),
    exportPicture: ({ format }) => ({ savedTo: `/runs/picture.${format}` }),
  };
}
