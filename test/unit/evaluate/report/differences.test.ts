import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { gainRatio } from '../../../../src/connectivity/scoring/estimate.js';
import { lossScore, scoreDifference, wilsonInterval, type TaskScore } from '../../../../src/evaluate/report/index.js';

describe('Wilson intervals', () => {
  it('end where a normal test of the proportion would just refuse it', () => {
    const trials = fc.integer({ min: 1, max: 500 }).chain((count) => fc.tuple(fc.integer({ min: 0, max: count }), fc.constant(count)));
    fc.assert(
      fc.property(trials, ([successes, count]) => {
        const share = successes / count;
        for (const end of wilsonInterval(share, count)) {
          assert.ok(end >= 0 && end <= 1);
          const deviations = Math.abs(share - end) / Math.sqrt((end * (1 - end)) / count);
          assert.ok(end === share || Math.abs(deviations - 1.959963984540054) < 1e-6, `${successes} of ${count}: ${end}`);
        }
      }),
    );
  });

  it('have a width where all went the same way, and are unknown where nothing was tried', () => {
    const [low, high] = wilsonInterval(1, 10);
    assert.ok(Math.abs(low - 1 / (1 + 1.959963984540054 ** 2 / 10)) < 1e-12 && high === 1);
    assert.deepEqual(wilsonInterval(NaN, 0), [NaN, NaN]);
    assert.deepEqual(wilsonInterval(NaN, 5), [NaN, NaN]);
  });
});

const lossesOf = (nats: readonly number[]): TaskScore =>
  lossScore(
    nats,
    nats.map(() => 10),
    100,
  );

describe('differences of scores', () => {
  it('are paired: what every model finds hard cancels out', () => {
    const hard = [50, 5, 80, 12];
    const { value, standardError, itemCount } = scoreDifference(lossesOf(hard), lossesOf(hard.map((nats) => nats - 1)));
    assert.ok(Math.abs(value + 0.1) < 1e-12);
    assert.ok(standardError < 1e-12);
    assert.equal(itemCount, 4);
  });

  it('have no error where nothing can be paired', () => {
    const outside = (value: number): TaskScore => ({ kind: 'outside', value, higherIsBetter: true });
    assert.deepEqual(scoreDifference(outside(3), outside(5)), { value: 2, standardError: NaN, itemCount: 0 });
    assert.equal(scoreDifference(lossesOf([1, 2]), lossesOf([1, 2, 3])).itemCount, 0);
  });
});

describe('share of a gain', () => {
  it('is 1 without an error for the same model, and unpaired has none', () => {
    const [base, tuned] = [lossesOf([40, 30, 55]), lossesOf([20, 22, 31])];
    assert.deepEqual(gainRatio(base, tuned, tuned), { value: 1, standardError: 0 });
    assert.ok(Number.isNaN(gainRatio(base, lossesOf([20, 22]), tuned).standardError));
  });

  it('has the error that leaving out one window at a time gives', () => {
    const draw = fc.tuple(fc.double({ min: 15, max: 25, noNaN: true }), fc.double({ min: 4, max: 14, noNaN: true }));
    fc.assert(
      fc.property(fc.array(draw, { minLength: 30, maxLength: 60 }), (gains) => {
        const base = gains.map(() => 60);
        const of = (skip: number) => {
          const kept = (values: readonly number[]) => lossesOf(values.filter((_, i) => i !== skip));
          const whole = gains.map(([gain]) => 60 - gain);
          const part = gains.map(([, gain]) => 60 - gain);
          return gainRatio(kept(base), kept(part), kept(whole));
        };
        const { standardError } = of(-1);
        const left = gains.map((_, i) => of(i).value);
        const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
        const jackknife = Math.sqrt(((left.length - 1) / left.length) * left.reduce((sum, value) => sum + (value - mean) ** 2, 0));
        assert.ok(Math.abs(standardError - jackknife) <= 0.1 * jackknife + 1e-9, `${standardError} against ${jackknife}`);
      }),
      { numRuns: 30 },
    );
  });
});
