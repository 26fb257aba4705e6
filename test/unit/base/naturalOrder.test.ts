import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareNaturally, inNaturalOrder, naturalRanks } from '../../../src/base/naturalOrder.js';

const sorted = (names: readonly string[]): string[] => inNaturalOrder(names, (name) => name);

/** Names as texts and numbers in turn, so that the right order is known without reading digits out of a text. */
const parts = fc.tuple(
  fc.constantFrom('layers.', 'checkpoint-', 'h.', ''),
  fc.bigInt({ min: 0n, max: 10n ** 24n }),
  fc.constantFrom('', '.w', '-b'),
  fc.bigInt({ min: 0n, max: 30n }),
);

describe('natural order', () => {
  it('orders layers and checkpoints by their numbers, of any length, and ignores letter case', () => {
    assert.deepEqual(sorted(['layers.10.w', 'layers.9.w', 'Layers.2.w', 'embed', 'layers.9.b']), [
      'embed',
      'Layers.2.w',
      'layers.9.b',
      'layers.9.w',
      'layers.10.w',
    ]);
    assert.deepEqual(sorted(['checkpoint-10000', 'checkpoint-500', 'checkpoint-1000-merged', 'checkpoint-1000', 'checkpoint']), [
      'checkpoint',
      'checkpoint-500',
      'checkpoint-1000',
      'checkpoint-1000-merged',
      'checkpoint-10000',
    ]);
    assert.deepEqual(sorted(['run-20261128093000123', 'run-9', 'run-20261128093000045']), [
      'run-9',
      'run-20261128093000045',
      'run-20261128093000123',
    ]);
  });

  it('tells names apart that differ in leading zeros or letter case alone, in one order whatever came first', () => {
    const names = ['step-007', 'step-7', 'Step-7', 'step-07'];
    assert.deepEqual(sorted(names), sorted(names.toReversed()));
    assert.equal(compareNaturally('step-7', 'step-7'), 0);
    assert.notEqual(compareNaturally('step-07', 'step-7'), 0);
  });

  it('compares numbers by value between equal texts', () => {
    fc.assert(
      fc.property(parts, parts, ([a, m, b, n], [, k, , l]) => {
        const [x, y] = [`${a}${m}${b || '.'}${n}`, `${a}${k}${b || '.'}${l}`];
        const expected = m === k ? (n < l ? -1 : n > l ? 1 : 0) : m < k ? -1 : 1;
        assert.equal(Math.sign(compareNaturally(x, y)), expected, `${x} ${y}`);
      }),
    );
  });

  it('is one total order in its three forms', () => {
    const name = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', 'A', '0', '1', '.', '-', '\u0001', '\n') }));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const ordered = sorted(names);
        assert.deepEqual(ordered, names.toSorted(compareNaturally));
        const ranks = naturalRanks(names);
        names.forEach((text, index) => assert.equal(ordered[ranks[index] ?? -1], text));
      }),
    );
  });
});
