import assert from 'node:assert/strict';
import { evidenceFacts } from '../../../src/webview/model/connectivity/evidence.js';
import { barrierRun, brokenRun, sweepRun } from '../../webview/harness/connectivityFixtures.js';
import { outsideRun } from '../../webview/harness/outsideRuns.js';

describe('the numbers a run comes to', () => {
  const shown = (run: Parameters<typeof evidenceFacts>[0], task = 0) =>
    evidenceFacts(run, task).map(({ label, value, note = '' }) => [label, value, note]);

  it('say their unit, and which rise would count as none', () => {
    assert.deepEqual(shown(barrierRun()).slice(0, 2), [
      ['Verdict', 'Barrier', 'a rise of up to 0.0100 nats per token counts as none'],
      ['Largest rise', '0.420 ± 0.012', 'nats per token above the chord, at α = 0.5'],
    ]);
    assert.deepEqual(shown(barrierRun(), 1)[1], ['Largest rise', '0.030 ± 0.020', 'of the error rate above the chord, at α = 0.4']);
    assert.deepEqual(shown(sweepRun())[1], ['Gain over λ = 1', '0.150 ± 0.010', 'nats per token']);
  });

  it('follow the direction of an outside command, and name no tolerance that was not used', () => {
    assert.deepEqual(shown(outsideRun()).slice(0, 2), [
      ['Verdict', 'No verdict', ''],
      ['Largest drop', '0.400', 'below the chord, at α = 0.5'],
    ]);
    const lower = outsideRun();
    const points = lower.points.map((point) => ({ ...point, scores: [{ kind: 'outside', value: 1, higherIsBetter: false } as const] }));
    assert.equal(shown({ ...lower, points })[1]?.[0], 'Largest rise');
    assert.deepEqual(shown(brokenRun())[0], ['Verdict', 'No verdict', '']);
  });
});
