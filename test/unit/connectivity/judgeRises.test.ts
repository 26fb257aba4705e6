import assert from 'node:assert/strict';
import { barrierTolerance, judgeRises } from '../../../src/connectivity/line/judgeRises.js';
import type { Rise } from '../../../src/connectivity/line/rises.js';
import { upperQuantile, upperTail } from '../../../src/connectivity/line/studentT.js';
import { randomNormals } from './support/random.js';

/** Upper quantiles of t as printed tables have them (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const printed = [
  [0.025, 1, 12.706],
  [0.05, 2, 2.92],
  [0.001, 4, 7.173],
  [0.025, 7, 2.365],
  [0.025, 10, 2.228],
  [0.01, 29, 2.462],
  [0.001, 100, 3.174],
] as const;

describe("Student's t", () => {
  for (const [tail, degrees, quantile] of printed) {
    it(`is above ${quantile} with probability ${tail} at ${degrees} degrees of freedom`, () => {
      assert.equal(Number(upperQuantile(tail, degrees).toFixed(3)), quantile);
      assert.ok(Math.abs(upperTail(quantile, degrees) - tail) < tail * 0.01);
    });
  }
});

function rise(value: number, standardError: number, itemCount = 200, at = 0.5): Rise {
  return { at, value, standardError, itemCount };
}

describe('verdict on rises above a chord', () => {
  it('is connected when every rise is below the tolerance beyond doubt', () => {
    const { verdict, highest, itemsNeeded } = judgeRises([rise(-0.01, 0.002), rise(0.005, 0.005, 200, 0.7)], barrierTolerance);
    assert.deepEqual([verdict, highest.at, itemsNeeded], ['connected', 0.7, null]);
  });

  it('is no barrier when a certain rise is small', () => {
    assert.equal(judgeRises([rise(0.01, 0.0001)], barrierTolerance).verdict, 'connected');
  });

  it('is a barrier when some rise is above the tolerance, also when it is not the highest', () => {
    assert.equal(judgeRises([rise(0.1, 0.01), rise(0.12, 0.2)], barrierTolerance).verdict, 'barrier');
  });

  it('asks more of the highest of many than of one', () => {
    const one = rise(0.02 + 0.0023, 0.001);
    assert.equal(judgeRises([one], barrierTolerance).verdict, 'barrier');
    const many = Array.from({ length: 9 }, (_, i) => rise(0, 0.001, 200, i / 10));
    assert.equal(judgeRises([one, ...many], barrierTolerance).verdict, 'undecided');
  });

  it('says how many windows would decide, and with so many it is decided', () => {
    for (const value of [0.011, 0.05]) {
      const rises = [0.3, 0.6].map((at) => rise(value, 0.03, 60, at));
      const { verdict, itemsNeeded } = judgeRises(rises, barrierTolerance);
      assert.equal(verdict, 'undecided');
      const withMore = rises.map((few) => ({ ...few, itemCount: itemsNeeded!, standardError: 0.03 * Math.sqrt(60 / itemsNeeded!) }));
      assert.notEqual(judgeRises(withMore, barrierTolerance).verdict, 'undecided');
    }
  });

  it('never decides on fewer than eight windows, or without a standard error', () => {
    assert.deepEqual(judgeRises([rise(0.5, 0.001, 7)], barrierTolerance).itemsNeeded, 8);
    assert.deepEqual(judgeRises([rise(0.5, NaN)], barrierTolerance).verdict, 'undecided');
    assert.equal(judgeRises([rise(0.02, 0.001)], barrierTolerance).itemsNeeded, null, 'at the tolerance itself');
  });

  it('errs as rarely as it says: one in forty at most, however many points it may choose from', () => {
    const rounds = 2000;
    const wrong = (truth: readonly number[], verdict: string): number => {
      const normal = randomNormals(99);
      let count = 0;
      for (let round = 0; round < rounds; round++) {
        const drift = 0.003 * normal(); // neighbours share half of their noise
        const rises = truth.map((value, i) => rise(value + drift + 0.004 * normal(), 0.005, 400, i / 10));
        if (judgeRises(rises, barrierTolerance).verdict === verdict) count++;
      }
      return count / rounds;
    };
    assert.ok(wrong(Array<number>(9).fill(0.02), 'barrier') <= 0.03);
    assert.ok(wrong([0, 0, 0, 0, 0.0201, 0, 0, 0, 0], 'connected') <= 0.03);
    assert.ok(wrong([0, 0, 0, 0, 0.05, 0, 0, 0, 0], 'barrier') > 0.9, 'and finds a barrier that is there');
  }).timeout(60_000);
});
