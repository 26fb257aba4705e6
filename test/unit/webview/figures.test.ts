import assert from 'node:assert/strict';
import { histogramRows, labelledExponents, layOutHistogram, rangeText, zeroText } from '../../../src/webview/model/histogram.js';
import { blockRange, cellRangeText, cellsByChange, pictureCsv } from '../../../src/webview/model/picture.js';
import { entryLabel, indexOfLargest, profilePath } from '../../../src/webview/model/profile.js';
import { dtypeText, indexText, shapeText } from '../../../src/webview/model/tensorFacts.js';
import { visibleToken } from '../../../src/webview/model/visibleToken.js';

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
