import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exactAxis, roundAxis, shareOf, tickText } from '../../../src/webview/chart/axis.js';
import { layOutChart } from '../../../src/webview/chart/chartLayout.js';
import { type Measure, measureFacts } from '../../../src/webview/model/connectivity/measure.js';

describe('axes', () => {
  it('have round ticks that tell apart', () => {
    const { ticks, decimals, minimum, maximum } = roundAxis([3.1, 3.57], 6);
    assert.deepEqual(
      ticks.map((tick) => tickText(tick, decimals)),
      ['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6'],
    );
    assert.deepEqual([minimum.toFixed(6), maximum.toFixed(6)], ['3.000000', '3.600000']);
    assert.deepEqual(
      exactAxis([-0.25, 1.5], 8).ticks.map((tick) => tickText(tick, 2)),
      ['−0.25', '0.00', '0.25', '0.50', '0.75', '1.00', '1.25', '1.50'],
    );
  });

  it('hold all finite values between their ends, whatever the others are (seed 5)', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), fc.integer({ min: 2, max: 12 }), (values, count) => {
        const axis = roundAxis(values, count);
        assert.ok(axis.maximum > axis.minimum && axis.ticks.length >= 2 && axis.ticks.length <= 2 * count + 3);
        for (const finite of values.filter(Number.isFinite)) {
          const share = shareOf(axis, finite);
          assert.ok(share >= -1e-9 && share <= 1 + 1e-9, `${finite} at ${share}`);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('axes of numbers that no picture can tell apart', () => {
  it('have ticks that can be written, or none (seed 6)', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, 5e-324, 1e-320, 1e-200, -1e-200, 1e200, 1e308, -1e308));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), fc.integer({ min: 2, max: 12 }), (values, count) => {
        for (const { ticks, decimals } of [roundAxis(values, count), exactAxis(values, count)])
          for (const tick of ticks) tickText(tick, decimals);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});

describe('axes of measures', () => {
  const curveOf = (values: readonly number[], standardError: number) => [
    { points: values.map((value, at) => ({ at, value, standardError })) },
  ];

  it('do not go where no value of the measure can be', () => {
    const axisOf = (measure: Measure, values: readonly number[], error: number) =>
      layOutChart(curveOf(values, error), { width: 800, height: 400 }, [], measureFacts[measure].bounds).vertical;
    for (const measure of ['loss', 'bitsPerByte', 'perplexity'] as const) {
      assert.deepEqual(axisOf(measure, [79000, 12], 400).ticks.slice(0, 2), [0, 20000]);
    }
    const { minimum, maximum, ticks } = axisOf('accuracy', [0.02, 0.995], 0.03);
    assert.deepEqual([minimum, maximum, ticks[0], ticks.at(-1)], [0, 1, 0, 1]);
    assert.ok(axisOf('value', [79000, 12], 400).minimum < 0);
  });

  it('leave room for ticks of many digits beside their name', () => {
    const { left } = layOutChart(curveOf([7.9e7, 12], 0), { width: 800, height: 400 });
    assert.ok(left >= 8 * 6.6 + 22 + 8, String(left));
    assert.equal(layOutChart(curveOf([3.2, 3.4], 0), { width: 800, height: 400 }).left, 62);
  });
});
