import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { cutWindows } from '../../../../src/evaluate/tasks/cutWindows.js';
import { evenlySpread } from '../../../../src/evaluate/tasks/evenlySpread.js';
import { TaskSettingsError, type TaskSettings } from '../../../../src/evaluate/tasks/index.js';
import { windowSize } from '../../../../src/evaluate/tasks/windowSize.js';

const bos = 999;

/** A text whose tokens are their own indices. */
const textOf = (length: number) => Uint32Array.from({ length }, (_, i) => i);

/** Windows as lists, with `|` before the first scored token. */
function shown(length: number, bosToken: number | null, window: number, stride: number): string[] {
  return cutWindows(textOf(length), bosToken, { window, stride }).map(({ tokens, firstScored }) => {
    const words = Array.from(tokens, String);
    return [...words.slice(0, firstScored), '|', ...words.slice(firstScored)].join(' ');
  });
}

const cases = fc
  .record({ length: fc.integer({ min: 0, max: 80 }), window: fc.integer({ min: 2, max: 20 }), hasBos: fc.boolean() })
  .chain((facts) => fc.record({ ...mapValues(facts), stride: fc.integer({ min: 1, max: facts.window - 1 }) }));

function mapValues<T extends Record<string, unknown>>(facts: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}

describe('windows', () => {
  it('begin with BOS and score all other tokens where nothing is read again', () => {
    assert.deepEqual(shown(7, bos, 4, 3), ['999 | 0 1 2', '999 | 3 4 5', '999 | 6']);
  });

  it('begin with BOS and what was scored before where the stride is less', () => {
    assert.deepEqual(shown(7, bos, 5, 2), ['999 | 0 1 2 3', '999 2 3 | 4 5', '999 4 5 | 6']);
  });

  it('begin with the token before where there is no BOS, and leave the first token unscored', () => {
    assert.deepEqual(shown(7, null, 4, 3), ['0 | 1 2 3', '3 | 4 5 6']);
    assert.deepEqual(shown(7, null, 5, 2), ['0 | 1 2 3 4', '2 3 4 | 5 6']);
  });

  it('are none where no token can be scored', () => {
    assert.deepEqual([shown(0, bos, 4, 3), shown(0, null, 4, 3), shown(1, null, 4, 3)], [[], [], []]);
    assert.deepEqual(shown(1, bos, 4, 3), ['999 | 0']);
  });

  it('score every token exactly once, in order, given the tokens before it, and never exceed the window', () => {
    fc.assert(
      fc.property(cases, ({ length, window, stride, hasBos }) => {
        const windows = cutWindows(textOf(length), hasBos ? bos : null, { window, stride });
        const scored = windows.flatMap(({ tokens, firstScored }) => Array.from(tokens.subarray(firstScored)));
        assert.deepEqual(scored, Array.from(textOf(length).subarray(hasBos ? 0 : 1)));
        for (const { tokens, firstScored, first, end } of windows) {
          assert.ok(firstScored >= 1 && firstScored < tokens.length && tokens.length <= window);
          assert.deepEqual([tokens[firstScored], tokens.at(-1)], [first, end - 1]);
          const text = Array.from(hasBos ? tokens.subarray(1) : tokens);
          assert.deepEqual(
            text,
            Array.from({ length: text.length }, (_, i) => end - text.length + i),
          );
        }
      }),
    );
  });

  it('give every token at least as much context as the stride leaves', () => {
    fc.assert(
      fc.property(cases, ({ length, window, stride, hasBos }) => {
        const later = cutWindows(textOf(length), hasBos ? bos : null, { window, stride }).slice(1);
        for (const { firstScored } of later) assert.equal(firstScored, window - stride);
      }),
    );
  });
});

describe('the size of windows', () => {
  const settings = (change: Partial<TaskSettings>): TaskSettings => ({
    window: null,
    stride: null,
    limit: null,
    contextLength: 512,
    ...change,
  });

  it('is the context, at most 512, without overlap', () => {
    assert.deepEqual(windowSize(settings({})), { window: 512, stride: 511 });
    assert.deepEqual(windowSize(settings({ contextLength: 128 })), { window: 128, stride: 127 });
    assert.deepEqual(windowSize(settings({ contextLength: 131072 })), { window: 512, stride: 511 });
    assert.deepEqual(windowSize(settings({ contextLength: null })), { window: 512, stride: 511 });
  });

  it('is what was asked for, within the context', () => {
    assert.deepEqual(windowSize(settings({ window: 256, stride: 128 })), { window: 256, stride: 128 });
    assert.deepEqual(windowSize(settings({ window: 256, stride: 256 })), { window: 256, stride: 255 });
    assert.deepEqual(windowSize(settings({ window: 4096, stride: 2048 })), { window: 512, stride: 511 });
    assert.deepEqual(windowSize(settings({ window: 4096, contextLength: null })), { window: 4096, stride: 4095 });
  });

  it('is refused where nothing could be scored, or something would be left out', () => {
    for (const change of [{ window: 1 }, { window: 2.5 }, { window: NaN }, { stride: 0 }, { stride: -3 }, { window: 256, stride: 257 }])
      assert.throws(() => windowSize(settings(change)), TaskSettingsError);
    assert.throws(() => windowSize(settings({ window: 256, stride: 257 })), /stride must be a whole number from 1 to 256 .*Found 257/);
  });
});

describe('an evenly spread choice', () => {
  it('takes as many as asked for, in order, one of every equal part', () => {
    assert.deepEqual(evenlySpread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3), [1, 5, 8]);
    assert.deepEqual(evenlySpread([0, 1, 2], 3), [0, 1, 2]);
    assert.deepEqual(evenlySpread([0, 1, 2], null), [0, 1, 2]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (length, limit) => {
        const chosen = evenlySpread([...textOf(length)], limit);
        assert.equal(chosen.length, Math.min(length, limit));
        const part = length / chosen.length;
        for (const [i, entry] of chosen.entries()) assert.equal(Math.floor((entry + 0.5) / part), i);
      }),
    );
  });
});
