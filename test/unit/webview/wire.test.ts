import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeNumbers, encodeNumbers } from '../../../src/webview/wire.js';

describe('numbers on the wire', () => {
  it('tags what JSON lacks and leaves the rest', () => {
    const encoded = encodeNumbers({ cosine: NaN, list: [1, -Infinity], text: 'NaN', none: null });
    assert.deepEqual(encoded, { cosine: { $number: 'NaN' }, list: [1, { $number: '-Infinity' }], text: 'NaN', none: null });
  });

  it('passes typed arrays on without a copy', () => {
    const column = Float64Array.of(NaN, 1);
    assert.equal((encodeNumbers({ column }) as { column: Float64Array }).column, column);
    assert.equal((decodeNumbers({ column }) as { column: Float64Array }).column, column);
  });

  it('restores every JSON value with any numbers after a trip through JSON (seed 7)', () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.double({ noDefaultInfinity: false }).map((value) => (Object.is(value, -0) ? 0 : value)),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string().filter((key) => key !== '__proto__'), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const trip = (value: unknown): unknown => decodeNumbers(JSON.parse(JSON.stringify(encodeNumbers(value))));
    fc.assert(fc.property(tree, (value) => assert.deepEqual(trip(value), value)), { seed: 7, numRuns: 500 });
  });
});
