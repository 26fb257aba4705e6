import assert from 'node:assert/strict';
import { fitScale, positionOn, ticksOf } from '../../../src/webview/model/scale.js';
import { metricFacts, metricValue } from '../../../src/webview/model/metric.js';

describe('colour scale', () => {
  it('is linear from 0 for values of the same size, logarithmic for a wide span', () => {
    assert.deepEqual(fitScale([0.5, 0.25, 1]), { kind: 'linear', minimum: 0, maximum: 1 });
    assert.deepEqual(fitScale([1e-4, 0.01]), { kind: 'log', minimum: 1e-4, maximum: 0.01 });
  });

  it('leaves out zeros, missing values, NaN and infinities, and is null when nothing is left', () => {
    assert.deepEqual(fitScale([0, null, NaN, Infinity, 2, 2]), { kind: 'linear', minimum: 0, maximum: 2 });
    assert.equal(fitScale([0, null, NaN, Infinity]), null);
    assert.equal(fitScale([]), null);
  });

  it('covers at most six decades', () => {
    assert.deepEqual(fitScale([1e-30, 1]), { kind: 'log', minimum: 1e-6, maximum: 1 });
  });

  it('places values, with infinity at the top and smaller ones at the bottom', () => {
    const scale = { kind: 'log', minimum: 1e-4, maximum: 1 } as const;
    assert.deepEqual(
      [1e-9, 1e-4, 1e-2, 1, Infinity].map((value) => positionOn(scale, value)),
      [0, 0, 0.5, 1, 1],
    );
    assert.equal(positionOn({ kind: 'linear', minimum: 0, maximum: 4 }, 1), 0.25);
  });

  it('obeys a choice: logarithmic, linear, or equal shares of the values', () => {
    assert.equal(fitScale([1e-4, 1], 'linear')?.kind, 'linear');
    assert.equal(fitScale([0.5, 1], 'log')?.kind, 'log');
    assert.equal(fitScale([1, 1], 'log')?.kind, 'linear', 'a single value spans no decade');
    const quantile = fitScale([1, 1e-9, 2, 1e6, 3], 'quantile');
    assert.ok(quantile);
    assert.deepEqual(
      [1e-9, 1, 2, 3, 1e6, Infinity, 2.5].map((value) => positionOn(quantile, value)),
      [0, 0.25, 0.5, 0.75, 1, 1, 0.75],
    );
    assert.deepEqual(ticksOf(quantile), [1e-9, 2, 1e6]);
  });

  it('labels powers of ten that keep their distance', () => {
    assert.deepEqual(
      ticksOf({ kind: 'log', minimum: 1e-4, maximum: 1 }),
      [1e-4, 0.01, 1].map((tick) => tick),
    );
    assert.deepEqual(ticksOf({ kind: 'log', minimum: 0.05, maximum: 1 }), [0.05, 1]);
    assert.deepEqual(ticksOf({ kind: 'linear', minimum: 0, maximum: 3 }), [0, 1.5, 3]);
  });
});

describe('metrics', () => {
  const source = { relativeChange: 0.25, cosine: 0.75, maxAbsDelta: 2, changedCount: 1, comparedCount: 4 };

  it('take their values from the statistics', () => {
    assert.deepEqual(
      (['relativeChange', 'cosineDistance', 'maxAbsDelta', 'changedShare'] as const).map((metric) => metricValue(metric, source)),
      [0.25, 0.25, 2, 0.25],
    );
  });

  it('have no value where nothing was compared, and a distance of 0 where rounding puts the cosine above 1', () => {
    const nothing = { relativeChange: null, cosine: null, maxAbsDelta: null, changedCount: null, comparedCount: null };
    assert.equal(metricValue('cosineDistance', nothing), null);
    assert.equal(metricValue('changedShare', { ...source, comparedCount: 0 }), null);
    assert.equal(metricValue('cosineDistance', { ...source, cosine: NaN }), null);
    assert.equal(metricFacts.cosineDistance.valueOf({ ...source, cosine: 1 + 2 ** -52 }), 0);
  });
});
