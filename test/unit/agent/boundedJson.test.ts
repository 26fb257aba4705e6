import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundedJson } from '../../../src/agent/index.js';

describe('results for agents', () => {
  it('are JSON of at most 40,000 characters, whatever goes in', () => {
    const value = fc.object({
      maxDepth: 4,
      maxKeys: 30,
      values: [fc.string({ maxLength: 2000 }), fc.double(), fc.constant('\u202e\u0000\n'.repeat(3000))],
    });
    fc.assert(
      fc.property(value, (result) => {
        const text = boundedJson(result);
        assert.ok(text.length <= 40_000);
        JSON.parse(text);
      }),
      { numRuns: 100 },
    );
  });

  it('say what was left out of long lists, and cut long names', () => {
    const long = boundedJson({ names: Array.from({ length: 100_000 }, (_, i) => `tensor ${i}`) });
    const { names } = JSON.parse(long) as { names: string[] };
    assert.equal(names.at(-1), `… and ${100_000 - (names.length - 1)} more`);
    assert.ok(names.length > 100);
    assert.equal((JSON.parse(boundedJson({ name: 'x'.repeat(1e6) })) as { name: string }).name.length, 301);
  });

  it('show invisible characters, and numbers that JSON lacks', () => {
    assert.deepEqual(JSON.parse(boundedJson({ a: '\u202eevil', b: NaN, c: Infinity, d: 0.1234567891 })), {
      a: '\\u202eevil',
      b: 'NaN',
      c: 'Infinity',
      d: 0.123457,
    });
  });
});
