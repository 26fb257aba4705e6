import assert from 'node:assert/strict';
import { type Clock, ProgressLines } from '../../../src/cli/progressLines.js';
import type { JobProgress } from '../../../src/engine/index.js';

const gigabyte = 1e9;

function progress(doneBytes: number, more: Partial<JobProgress> = {}): JobProgress {
  return { doneBytes, totalBytes: 8 * gigabyte, bytesPerSecond: gigabyte / 10, tensor: null, phase: 'combining', ...more };
}

describe('progress in a log', () => {
  let seconds = 0;
  let printed: { readonly at: number; readonly text: string }[] = [];

  let pending: { readonly at: number; readonly callback: () => void } | null = null;

  const clock: Clock = {
    now: () => seconds * 1000,
    after: (delayMs, callback) => {
      pending = { at: seconds + delayMs / 1000, callback };
      return { stop: () => (pending = null) };
    },
  };

  beforeEach(() => {
    [seconds, printed, pending] = [0, [], null];
  });

  function start(): ProgressLines {
    return new ProgressLines((text) => printed.push({ at: seconds, text }), clock);
  }

  function pass(until: number): void {
    while (seconds < until) {
      seconds++;
      if (pending !== null && pending.at <= seconds) pending.callback();
    }
  }

  it('is nothing of a short job, and one line of what is reported a thousand times', () => {
    const lines = start();
    pass(29);
    assert.deepEqual(printed, []);
    for (let step = 0; step <= 1000; step++) lines.update(progress(step * 1e6));
    pass(32);
    assert.deepEqual(printed, [{ at: 30, text: '30.0 s: combining: 12 %, 1.00 GB of 8.00 GB, 100 MB/s, 70.0 s left\n' }]);
    lines.end();
    pass(1000);
    assert.equal(printed.length, 1);
  });

  it('comes also when nothing is reported, and says what is known then', () => {
    const lines = start();
    pass(30);
    lines.update(progress(8 * gigabyte));
    pass(60);
    lines.update(progress(0, { totalBytes: 0 }));
    pass(90);
    lines.end();
    assert.deepEqual(
      printed.map(({ text }) => text),
      ['30.0 s: working\n', '60.0 s: working, done with combining\n', '90.0 s: working\n'],
    );
  });

  it('comes ever less often, yet every five minutes, over a day', () => {
    const lines = start();
    pass(24 * 3600);
    lines.end();
    const pauses = printed.slice(1).map(({ at }, i) => at - printed[i]!.at);
    assert.equal(pauses[0], 30);
    assert.ok(pauses.every((pause, i) => pause >= (pauses[i - 1] ?? 0) && pause <= 301));
    assert.ok(printed.length < 350);
  });

  it('waits while others print, and shows what strangers named without its control characters', () => {
    const lines = start();
    for (let i = 0; i < 30; i++) {
      pass(seconds + 5);
      lines.print('loss 2.1\n');
    }
    assert.ok(printed.every(({ text }) => text === 'loss 2.1\n'));
    lines.update(progress(gigabyte, { phase: 'scoring: \u001b[2J' }));
    pass(seconds + 30);
    lines.end();
    assert.match(printed.at(-1)!.text, /^3 min 0 s: scoring: \\u001b\[2J: 12 %/);
  });
});
