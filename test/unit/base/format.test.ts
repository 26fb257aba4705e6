import assert from 'node:assert/strict';
import {
  formatBytes,
  formatCompact,
  formatCosine,
  formatCount,
  formatNumber,
  formatSeconds,
  formatShare,
  plural,
} from '../../../src/base/format.js';

const table = <Value>(format: (value: Value) => string, rows: readonly (readonly [Value, string])[]): void => {
  for (const [value, text] of rows) assert.equal(format(value), text, String(value));
};

describe('numbers as people read them', () => {
  it('gives three significant digits, scientific only where it is shorter', () => {
    table(formatNumber, [
      [0, '0'],
      [-0, '0'],
      [0.0321, '0.0321'],
      [0.001, '0.00100'],
      [0.000999, '9.99e-4'],
      [1.2345, '1.23'],
      [-412.4, '−412'],
      [999.4, '999'],
      [999.6, '1.00e+3'],
      [5e-324, '4.94e-324'],
      [NaN, 'NaN'],
      [Infinity, '∞'],
      [-Infinity, '−∞'],
      [null, '–'],
    ]);
  });

  it('gives a cosine the digits that its distance from 1 deserves', () => {
    table(formatCosine, [
      [1, '1'],
      [0.999987, '0.999987'],
      [0.99, '0.990'],
      [0.5, '0.500'],
      [-1, '−1.00'],
      [1 - 2 ** -30, '1 − 9.3e-10'],
      [NaN, 'NaN'],
      [null, '–'],
    ]);
  });

  it('calls a share 0% or 100% only when it is exactly so', () => {
    table(formatShare, [
      [0, '0%'],
      [1, '100%'],
      [1e-9, '<0.01%'],
      [0.0012, '0.12%'],
      [0.8421, '84.2%'],
      [0.99999, '>99.9%'],
      [null, '–'],
    ]);
  });

  it('scales counts and bytes by thousands, without showing 1000 of a unit', () => {
    table(formatCompact, [
      [999, '999'],
      [1_100_056_576, '1.10B'],
      [999_999, '1.00M'],
      [0, '0'],
      [null, '–'],
    ]);
    table(formatBytes, [
      [0, '0 B'],
      [1204, '1.20 kB'],
      [2_200_119_864, '2.20 GB'],
      [999_999_999, '1.00 GB'],
      [5e11, '500 GB'],
    ]);
  });

  it('writes exact counts, durations and plurals', () => {
    table(formatCount, [
      [1_234_567, '1,234,567'],
      [null, '–'],
    ]);
    table(formatSeconds, [
      [0.314, '0.31 s'],
      [42.04, '42.0 s'],
      [200.4, '3 min 20 s'],
      [119.96, '2 min 0 s'],
    ]);
    assert.deepEqual([plural(1, 'tensor'), plural(2000, 'tensor'), plural(0, 'file')], ['1 tensor', '2,000 tensors', '0 files']);
  });
});
