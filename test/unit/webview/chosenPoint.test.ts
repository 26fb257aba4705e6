import assert from 'node:assert/strict';
import { chosenPoint, chosenWithout } from '../../../src/webview/model/connectivity/chosenPoint.js';
import { barrierRun, connectedRun, matrixRun, planeRun } from '../../webview/harness/connectivityFixtures.js';

describe('the chosen point', () => {
  const shown = { overlays: [connectedRun()], task: 0, measure: 'loss' } as const;
  const start = { kind: 'line', run: 0, at: 0 } as const;

  it('has the facts of the task and measure that are shown', () => {
    const scoreAt = (part: Partial<Parameters<typeof chosenPoint>[2]>) => chosenPoint(barrierRun(), start, { ...shown, ...part })?.facts[1];
    assert.deepEqual(scoreAt({}), ['Loss', '3.200 ± 0.021 nats per token']);
    assert.deepEqual(scoreAt({ measure: 'perplexity' }), ['Perplexity', '24.53 ± 0.52']);
    assert.deepEqual(scoreAt({ task: 1, measure: 'accuracy' }), ['Accuracy', '0.650 ± 0.034']);
  });

  it('is none where the shown task has no such point, and none of a run of another kind', () => {
    const laidOver = { kind: 'line', run: 1, at: 0.2 } as const;
    assert.equal(chosenPoint(barrierRun(), laidOver, shown)?.overlay, 0);
    assert.equal(chosenPoint(barrierRun(), laidOver, { ...shown, task: 1, measure: 'accuracy' }), null);
    assert.equal(chosenPoint(matrixRun(), start, shown), null);
    assert.equal(chosenPoint(barrierRun(), null, shown), null);
  });

  it('is read anew from matrices and planes too', () => {
    const cell = { kind: 'matrix', cell: { row: 1, column: 1 } } as const;
    const scores = (measure: 'loss' | 'bitsPerByte') => [
      chosenPoint(matrixRun(), cell, { ...shown, measure })?.facts[0]?.[0],
      chosenPoint(planeRun(5), { kind: 'plane', x: -0.25, y: -0.25 }, { ...shown, measure })?.facts[0]?.[0],
    ];
    assert.deepEqual(scores('loss'), ['Loss', 'Loss']);
    assert.deepEqual(scores('bitsPerByte'), ['Bits per byte', 'Bits per byte']);
  });

  it('stays the same point when an overlay before it is taken away', () => {
    const chosen = { kind: 'line', run: 2, at: 0.5 } as const;
    assert.deepEqual(chosenWithout(chosen, 0), { ...chosen, run: 1 });
    assert.equal(chosenWithout(chosen, 1), null);
    assert.deepEqual([chosenWithout(chosen, 2), chosenWithout(start, 0)], [chosen, start]);
  });
});
