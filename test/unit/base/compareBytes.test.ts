import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes } from '../../../src/base/compareBytes.js';

describe('order of texts by their bytes', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
  });

  it('is that of Buffer.compare', () => {
    fc.assert(
      fc.property(text, text, (a, b) => assert.equal(Math.sign(compareBytes(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))),
      { numRuns: 2000 },
    );
  });
});
