import type { CheckpointPanelRequests, CheckpointPanelState, Handlers } from '../../../src/webview/index.js';
import { hostileCheckpoint, hugeCheckpoint, realisticCheckpoint } from './checkpointFixtures.js';

function stateOf(scenario: string): CheckpointPanelState {
  switch (scenario) {
    case 'failed':
      return {
        kind: 'failed',
        path: '/models/broken/model.safetensors',
        message: 'model.safetensors: the header says 9,000,000,000 bytes, the file has 1,204. The file is cut short: download it again.',
      };
    case 'hostile':
      return { kind: 'done', summary: hostileCheckpoint() };
    case 'huge':
      return { kind: 'done', summary: hugeCheckpoint() };
    default:
      return { kind: 'done', summary: realisticCheckpoint() };
  }
}

/** Answers a checkpoint panel as the extension would. */
export function checkpointHandlers(scenario: string): Handlers<CheckpointPanelRequests> {
  const state = stateOf(scenario);
  return { ready: () => state, selectForDiff: () => null, diffWithSelected: () => null, copyName: () => null, tensorToShow: () => null };
}
