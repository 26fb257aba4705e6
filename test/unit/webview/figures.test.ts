import assert from 'node:assert/strict';
import {
  densityOf,
  histogramRows,
  labelledExponents,
  layOutHistogram,
  linearHistogram,
  momentsOf,
  rangeText,
  spansOf,
  zeroText,
} from '../../../src/webview/model/histogram.js';
import { realisticReport } from '../../webview/harness/diffFixtures.js';
import { blockRange, cellRangeText, cellsByChange, pictureCsv } from '../../../src/webview/model/picture.js';
import { entryLabel, indexOfLargest, profilePath } from '../../../src/webview/model/profile.js';
import { codesText, dtypeText, indexText, shapeText } from '../../../src/webview/model/tensorFacts.js';
import { visibleToken } from '../../../src/webview/model/visibleToken.js';

const noTensor = realisticReport(1).tensors[0]!;

describe('facts of a tensor', () => {
  it('say how its weights are quantised, and how many codes differ', () => {
    assert.equal(dtypeText({ dtypeA: 'BF16', dtypeB: 'U8', schemeB: 'MXFP4' }), 'BF16 → MXFP4');
    assert.equal(codesText({ codes: { compared: 4096, changed: 12 } }), '12 of 4,096 codes differ');
    assert.equal(codesText({ codes: null }), '');
  });
});

describe('linear histogram of Δ', () => {
  const tensor = { ...noTensor, normA: 20, normB: 10, normDelta: 1, meanDelta: 0.01, comparedCount: 100, maxAbsDelta: 3 };

  it('reaches five root mean squares from 0, and no farther than the largest value', () => {
    assert.deepEqual(spansOf(tensor), { delta: 0.5, values: 10 });
    assert.deepEqual(spansOf({ ...tensor, maxAbsDelta: 0.25 })?.delta, 0.25);
    for (const part of [{ normDelta: 0 }, { normDelta: null }, { comparedCount: 0 }, { normDelta: Infinity, maxAbsDelta: Infinity }])
      assert.equal(spansOf({ ...tensor, ...part }), null);
  });

  it('says mean and standard deviation', () => {
    assert.deepEqual(momentsOf(tensor), { mean: 0.01, deviation: Math.sqrt(0.01 - 0.0001) });
    assert.equal(momentsOf({ ...tensor, normDelta: null }), null);
  });

  it('draws bins of powers of two with areas that stand for their counts, and says what lies beyond', () => {
    const histogram = { zero: 3, firstExponent: -4, negative: [0, 4, 0, 0], positive: [8, 0, 0, 5] };
    const linear = linearHistogram({ ...tensor, histogram }, null);
    assert.ok(linear);
    assert.equal(linear.beyond, 5);
    const [wide] = linear.bars.filter(({ count }) => count === 4);
    assert.deepEqual(wide, { from: -0.25, to: -0.125, count: 4 });
    assert.equal(densityOf(wide), 32);
  });

  it('draws the counts of values once they were read', () => {
    const spread = { deltaSpan: 2, valueSpan: 1, delta: [7, 1, 2, 3, 4, 9], a: [], b: [] };
    assert.deepEqual(linearHistogram({ ...tensor, histogram: null }, spread), {
      bars: [
        { from: -2, to: -1, count: 1 },
        { from: -1, to: 0, count: 2 },
        { from: 0, to: 1, count: 3 },
        { from: 1, to: 2, count: 4 },
      ],
      span: 2,
      beyond: 16,
    });
  });
});

describe('histogram of Δ', () => {
  const histogram = { zero: 10, firstExponent: -3, negative: [1, 2], positive: [3, 4] };

  it('mirrors the two sides about zero, the large differences outside', () => {
    const { bars, slots, largestCount, total } = layOutHistogram(histogram);
    assert.deepEqual(
      bars.map(({ side, exponent, count, slot }) => [side, exponent, count, slot]),
      [
        ['negative', -2, 2, 0],
        ['negative', -3, 1, 1],
        ['positive', -3, 3, 3],
        ['positive', -2, 4, 4],
      ],
    );
    assert.deepEqual([slots, largestCount, total], [5, 4, 20]);
  });

  it('says how many are unchanged, also when all or none are there', () => {
    assert.equal(zeroText(layOutHistogram(histogram)), '10 unchanged (50.0%)');
    assert.equal(zeroText(layOutHistogram({ zero: 3, firstExponent: 0, negative: [], positive: [] })), '3 unchanged (100%)');
    assert.equal(zeroText(layOutHistogram({ zero: 0, firstExponent: 0, negative: [], positive: [] })), 'no values compared');
  });

  it('names ranges, with open ends at both ends of float32', () => {
    assert.equal(rangeText({ exponent: -10 }), '9.77e-4 … 0.00195');
    assert.equal(rangeText({ exponent: -127 }), 'below 1.18e-38');
    assert.equal(rangeText({ exponent: 128 }), '3.40e+38 and more');
  });

  it('has a table behind it, the largest differences first', () => {
    assert.deepEqual(histogramRows(histogram), [
      { range: '0.250 … 0.500', negative: 2, positive: 4 },
      { range: '0.125 … 0.250', negative: 1, positive: 3 },
    ]);
    assert.deepEqual(labelledExponents({ ...histogram, negative: new Array<number>(9).fill(1) }, 3), [5, 2, -1]);
  });
});

describe('picture of Δ', () => {
  const picture = { height: 2, width: 3, rowCount: 4, columnCount: 7, cells: [0, 0.5, 1e-9, 2, 0.25, 2] };

  it('shares rows and columns out among the cells without a gap', () => {
    assert.deepEqual(
      [0, 1, 2].map((cell) => blockRange(cell, 3, 7)),
      [
        { first: 0, last: 1 },
        { first: 2, last: 3 },
        { first: 4, last: 6 },
      ],
    );
    assert.deepEqual(cellRangeText(picture, 5), { rows: '2–3', columns: '4–6' });
    assert.deepEqual(cellRangeText({ ...picture, rowCount: 2, columnCount: 3 }, 4), { rows: '1', columns: '1' });
  });

  it('lists cells from the most changed', () => {
    assert.deepEqual([...cellsByChange(picture)], [3, 5, 1, 4, 2, 0]);
  });

  it('writes every value in full as CSV', () => {
    assert.equal(pictureCsv(picture), '0,0.5,1e-9\n2,0.25,2\n');
  });
});

describe('profile', () => {
  it('draws steps that reach the top at the largest norm', () => {
    assert.equal(profilePath([1, 2], 10, 4), 'M0 4L0.00 2.00L5.00 2.00L5.00 0.00L10.00 0.00L10 4Z');
    assert.equal(profilePath([], 10, 4), '');
    assert.equal(profilePath([0, 0], 10, 4), '');
  });

  it('names entries by the rows they stand for', () => {
    assert.equal(entryLabel('row', 7, 1, 64), 'row 7');
    assert.equal(entryLabel('column', 3, 8, 30), 'columns 24–29');
    assert.equal(indexOfLargest([1, 5, 3]), 1);
  });
});

describe('texts of a tensor', () => {
  it('turns a flat index into a place', () => {
    assert.equal(indexText(17, [3, 2, 4]), '[2, 0, 1]');
    assert.equal(indexText(0, []), '[]');
  });

  it('shows a change of shape or type with an arrow', () => {
    assert.equal(shapeText({ shapeA: [2, 3], shapeB: [2, 3] }), '2 × 3');
    assert.equal(shapeText({ shapeA: [], shapeB: [1] }), 'scalar → 1');
    assert.equal(shapeText({ shapeA: null, shapeB: [5] }), '5');
    assert.equal(dtypeText({ dtypeA: 'F32', dtypeB: 'BF16' }), 'F32 → BF16');
  });

  it('makes the white space of tokens visible', () => {
    assert.equal(visibleToken(' a\n\t'), '␣a↵⇥');
  });
});
