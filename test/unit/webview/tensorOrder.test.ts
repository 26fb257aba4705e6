import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Random } from '../../webview/harness/random.js';
import { mixedReport, realisticReport } from '../../webview/harness/diffFixtures.js';
import { toDiffView } from '../../../src/webview/diffView.js';
import { tensorColumnIds, tensorColumns } from '../../../src/webview/model/tensorColumns.js';
import { countStatuses, filterRows, rowOfLargestDelta, sortRows } from '../../../src/webview/model/tensorOrder.js';
import { leastBelow, milliseconds } from '../../support/stopwatch.js';

const everything = { text: '', statuses: [], cell: null };

describe('tensor table', () => {
  const report = mixedReport();
  const { table, layers } = toDiffView(report);
  const namesOf = (rows: Iterable<number>): (string | undefined)[] => Array.from(rows, (row) => table.names[row]);

  it('holds the report in columns, with NaN for what has no value', () => {
    assert.equal(table.length, report.tensors.length);
    report.tensors.forEach((tensor, row) => {
      assert.deepEqual(table.relativeChange[row], tensor.relativeChange ?? NaN);
      assert.equal(layers[table.layer[row] ?? -1]?.key, tensor.layer);
      assert.equal(table.moduleNames[table.module[row] ?? -1], tensor.module);
    });
    assert.deepEqual(
      [3, 2, 9].map((row) => table.shapeLabels[table.shape[row] ?? -1]),
      ['64 × 32 → 65 × 32', '64 × 32', 'scalar'],
    );
    assert.deepEqual(
      [2, 5, 7].map((row) => table.dtypeLabels[table.dtype[row] ?? -1]),
      ['F32 → BF16', 'BF16', 'F4'],
    );
    assert.equal(table.names[9], 'model.norm.weight → language_model.model.norm.weight');
    assert.deepEqual([table.nonFinite[1], table.nonFinite[5], table.elementCount[0], table.elementCount[9]], [3, NaN, 2048, 1]);
  });

  it('filters by words, statuses and cell together', () => {
    assert.equal(filterRows(table, everything).length, 11);
    assert.deepEqual(namesOf(filterRows(table, { ...everything, text: 'UP layers.1' })), ['model.layers.1.mlp.up_proj.weight']);
    assert.deepEqual(namesOf(filterRows(table, { ...everything, statuses: ['added', 'removed'], text: 'gone' })), [
      'model.layers.0.mlp.gone.weight',
    ]);
    const cell = { layer: table.layer[8] ?? 0, module: table.module[8] ?? 0 };
    assert.deepEqual([...filterRows(table, { ...everything, cell })], [8]);
    assert.deepEqual([...filterRows(table, { ...everything, cell: { ...cell, layer: null } })], [4, 8]);
  });

  it('counts statuses and finds the largest difference', () => {
    assert.deepEqual(countStatuses(table), {
      identical: 1,
      changed: 3,
      equal: 0,
      retyped: 1,
      grown: 1,
      shrunk: 1,
      reshaped: 1,
      added: 1,
      removed: 1,
      unread: 1,
    });
    assert.equal(rowOfLargestDelta(table), 1);
    assert.equal(rowOfLargestDelta({ ...table, maxAbsDelta: table.maxAbsDelta.map(() => NaN) }), null);
  });

  for (const column of tensorColumnIds) {
    it(`sorts by ${column} both ways: a permutation, in order, rows without a value last`, () => {
      const rows = filterRows(table, everything);
      for (const descending of [false, true]) {
        const sorted = sortRows(table, rows, { column, descending });
        assert.deepEqual(
          [...sorted].sort((one, other) => one - other),
          [...rows],
        );
        const texts = Array.from(sorted, (row) => tensorColumns[column].text(table, row, layers));
        const firstWithout = texts.indexOf('–');
        if (firstWithout >= 0) assert.ok(texts.slice(firstWithout).every((text) => text === '–'));
      }
    });
  }

  it('sorts numbers like a plain comparison sort, keeping the order of equals (seed 21)', () => {
    const base = toDiffView(realisticReport(4)).table;
    const value = fc.oneof(fc.constantFrom(NaN, 0, Infinity, 1), fc.double());
    fc.assert(
      fc.property(fc.array(value, { minLength: base.length, maxLength: base.length }), fc.boolean(), (values, descending) => {
        const cosine = Float64Array.from(values);
        const rows = Uint32Array.from({ length: base.length }, (_, row) => row);
        const sorted = sortRows({ ...base, cosine }, rows, { column: 'cosine', descending });
        const known = [...rows].filter((row) => !Number.isNaN(cosine[row]));
        known.sort((one, other) => {
          const [x, y] = [cosine[one] ?? 0, cosine[other] ?? 0];
          return x === y ? 0 : x < y === descending ? 1 : -1;
        });
        assert.deepEqual([...sorted], [...known, ...[...rows].filter((row) => Number.isNaN(cosine[row]))]);
      }),
      { seed: 21, numRuns: 100 },
    );
  });

  it('sorts 100,000 rows well below a frame budget of opening (300 ms)', async () => {
    const random = new Random(9);
    const relativeChange = Float64Array.from({ length: 100_000 }, () => random.next());
    const rows = Uint32Array.from({ length: 100_000 }, (_, row) => row);
    const sort = () => sortRows({ ...table, length: 100_000, relativeChange }, rows, { column: 'relativeChange', descending: true });
    assert.ok((await leastBelow(300, () => milliseconds(sort))) < 300);
    const sorted = sort();
    for (let row = 1; row < sorted.length; row++)
      assert.ok((relativeChange[sorted[row - 1] ?? 0] ?? 0) >= (relativeChange[sorted[row] ?? 0] ?? 0));
  });
});
