import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedColumns, columnItems } from '../../../src/webview/diff/columnMenu.js';
import {
  type ColumnLayout,
  moveColumn,
  resizeColumn,
  restoreColumnLayout,
  shiftColumn,
  shownColumns,
  toggleColumn,
} from '../../../src/webview/model/columnLayout.js';
import { sparklinePath, sparklinesOf, sparklineSlots } from '../../../src/webview/model/sparkline.js';
import { defaultColumns, tensorColumnIds } from '../../../src/webview/model/tensorColumns.js';

type Letter = 'a' | 'b' | 'c' | 'd';
const letters: ColumnLayout<Letter> = { order: ['a', 'b', 'c', 'd'], hidden: [], widths: {} };

describe('columns of a table', () => {
  it('move into the place of another, to either side', () => {
    assert.deepEqual(moveColumn(letters, 'd', 'b').order, ['a', 'd', 'b', 'c']);
    assert.deepEqual(moveColumn(letters, 'a', 'c').order, ['b', 'c', 'a', 'd']);
    assert.equal(moveColumn(letters, 'a', 'a'), letters);
  });

  it('move past hidden neighbours by one shown place', () => {
    const layout = toggleColumn(letters, 'b');
    assert.deepEqual(shownColumns(shiftColumn(layout, 'c', -1)), ['c', 'a', 'd']);
    assert.equal(shiftColumn(layout, 'a', -1), layout);
  });

  it('are never all hidden', () => {
    const one = (['a', 'b', 'c'] as const).reduce<ColumnLayout<Letter>>(toggleColumn, letters);
    assert.equal(toggleColumn(one, 'd'), one);
    assert.deepEqual(shownColumns(toggleColumn(one, 'a')), ['a', 'd']);
  });

  it('are restored from anything: a permutation, not all hidden, with usable widths (seed 5)', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__');
    const saved = fc.record({ order: fc.array(name), hidden: fc.array(name), widths: fc.dictionary(name, fc.double()) });
    fc.assert(
      fc.property(fc.oneof(saved, fc.anything()), (value) => {
        const { order, hidden, widths } = restoreColumnLayout(value, letters);
        assert.deepEqual(order.toSorted(), letters.order);
        assert.ok(hidden.length < order.length);
        assert.ok(Object.values(widths).every((width) => width >= 32 && width <= 1200));
      }),
      { seed: 5 },
    );
    const layout = resizeColumn(toggleColumn(moveColumn(letters, 'd', 'a'), 'b'), 'c', 77.4);
    assert.deepEqual(restoreColumnLayout(JSON.parse(JSON.stringify(layout)), letters), layout);
  });

  it('that a saved layout does not know stand where they are by default', () => {
    assert.deepEqual(restoreColumnLayout({ order: ['d', 'a', 'c'], hidden: ['c'] }, letters).order, ['d', 'b', 'a', 'c']);
  });

  it('have a menu whose every choice changes them as it says', () => {
    assert.deepEqual(changedColumns(defaultColumns, 'cosine', 'wider').widths, { cosine: 112 });
    assert.deepEqual(changedColumns(defaultColumns, 'layer', 'right').order.slice(0, 2), ['name', 'layer']);
    for (const { id, disabled } of columnItems(defaultColumns, 'cosine')) {
      if (!disabled) assert.notDeepEqual(changedColumns(defaultColumns, 'cosine', id), defaultColumns, id);
    }
    assert.equal(columnItems(defaultColumns, null).length, tensorColumnIds.length + 1);
  });
});

describe('sparklines', () => {
  const histogram = (firstExponent: number, counts: number[]) => ({
    histogram: { zero: 5, firstExponent, negative: counts, positive: counts.map(() => 0) },
  });

  it('put all tensors on one axis, each as high as its own largest count', () => {
    const lines = sparklinesOf([histogram(-10, [1, 2]), { histogram: null }, histogram(-8, [4])]);
    assert.equal(lines.firstExponent, -10);
    assert.equal(lines.exponentsPerSlot, 1);
    assert.deepEqual([...lines.heights.subarray(0, 3)], [128, 255, 0]);
    assert.ok(lines.heights.subarray(sparklineSlots, 2 * sparklineSlots).every((height) => height === 0));
    assert.deepEqual([...lines.heights.subarray(2 * sparklineSlots, 2 * sparklineSlots + 3)], [0, 0, 255]);
    assert.equal(sparklinePath(lines, 1, 76, 16), '');
    assert.match(sparklinePath(lines, 2, 48, 16), /^M4\.0 16v-16\.0h1\.5V16z$/);
  });

  it('join exponents where there are more of them than places', () => {
    const { exponentsPerSlot, heights } = sparklinesOf([histogram(-60, [1, ...new Array<number>(58).fill(0), 1])]);
    assert.equal(exponentsPerSlot, 3);
    assert.deepEqual([heights[0], heights[19]], [255, 255]);
  });
});
