import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeFromWire, encodeForWire } from '../../../src/webview/wire.js';

describe('values on the wire', () => {
  it('tags what JSON lacks and leaves the rest', () => {
    const encoded = encodeForWire({ cosine: NaN, list: [1, -Infinity], text: 'NaN', none: null });
    assert.deepEqual(encoded, { cosine: { $number: 'NaN' }, list: [1, { $number: '-Infinity' }], text: 'NaN', none: null });
  });

  it('packs a long list of strings and restores it, whatever is in them (seed 8)', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('', 'BF16', '\u0000', '\ud800', '日本'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 256, maxLength: 300 }), (strings) => {
        const packed = encodeForWire({ strings });
        assert.equal(Array.isArray((packed as { strings: unknown }).strings), false);
        assert.deepEqual(decodeFromWire(packed), { strings });
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  it('passes typed arrays on without a copy', () => {
    const column = Float64Array.of(NaN, 1);
    assert.equal((encodeForWire({ column }) as { column: Float64Array }).column, column);
    assert.equal((decodeFromWire({ column }) as { column: Float64Array }).column, column);
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
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('tree'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }));
    const trip = (value: unknown): unknown => decodeFromWire(JSON.parse(JSON.stringify(encodeForWire(value))));
    fc.assert(
      fc.property(tree, (value) => assert.deepEqual(trip(value), value)),
      { seed: 7, numRuns: 500 },
    );
  });
});
