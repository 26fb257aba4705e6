import type { RoundsReport } from '../../../src/recycle/report/index.js';
import type { Handlers, RoundsPanelRequests, RoundsPanelState } from '../../../src/webview/index.js';
import { hostileRounds, oneLineage, twoStrategies, unscoredRounds } from './roundsFixtures.js';

const running: RoundsPanelState['activity'] = { kind: 'running', progress: { fraction: 0.41, message: '1.10 GB of 2.70 GB' } };

function stateOf(report: RoundsReport | null, activity: RoundsPanelState['activity'] = { kind: 'idle' }): RoundsPanelState {
  return { title: 'Rounds of llama', report, activity };
}

const scenarios: Readonly<Record<string, () => RoundsPanelState>> = {
  one: () => stateOf(oneLineage()),
  strategies: () => stateOf(twoStrategies()),
  unscored: () => stateOf(unscoredRounds()),
  hostile: () => stateOf(hostileRounds()),
  starting: () => stateOf(null, running),
  failed: () => stateOf(oneLineage(), { kind: 'failed', message: '/models/base-2: no such folder. Restore it.' }),
};

/** Answers a panel of rounds as the extension would, from invented reports. */
export function lineageHandlers(scenario: string, emit: (event: string, payload: unknown) => void): Handlers<RoundsPanelRequests> {
  let state = (scenarios[scenario] ?? (() => stateOf(oneLineage())))();
  const show = (activity: RoundsPanelState['activity']): null => {
    state = { ...state, activity };
    emit('state', state);
    return null;
  };
  return {
    ready: () => state,
    measure: () => show(running),
    score: () => show(running),
    cancel: () => show({ kind: 'cancelled' }),
  };
}
