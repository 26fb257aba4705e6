import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonLines, jsonPieces } from '../../../src/base/json/jsonPieces.js';
import { parseJsonBytes } from '../../../src/base/json/parseJsonBytes.js';

const asText = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
const fromText = (_: string, value: unknown): unknown => (value === 'Infinity' ? Infinity : value);
/** Objects with arrays in their fields, and with what JSON has no text for. */
const data = fc.dictionary(
  fc.string(),
  fc.oneof(fc.jsonValue(), fc.array(fc.anything({ maxDepth: 2, withBigInt: false })), fc.constant(undefined)),
);

describe('JSON in pieces', () => {
  it('is what JSON.stringify returns', () => {
    fc.assert(
      fc.property(data, (value) => {
        assert.equal([...jsonPieces(value)].join(''), JSON.stringify(value));
        assert.equal([...jsonPieces(value, asText)].join(''), JSON.stringify(value, asText));
      }),
    );
  });

  it('for people is the same data with an element a line', () => {
    const value = { name: 'x', empty: [], list: [{ a: [1, 2] }, NaN], inner: { text: 'a\nb', number: Infinity }, none: undefined };
    assert.equal(
      [...jsonLines(value, asText)].join(''),
      '{\n "name": "x",\n "empty": [],\n "list": [\n  {"a":[1,2]},\n  "NaN"\n ],\n "inner": {\n  "text": "a\\nb",\n  "number": "Infinity"\n }\n}\n',
    );
    assert.equal([...jsonLines({})].join(''), '{}\n');
    fc.assert(fc.property(data, (any) => assert.deepEqual(JSON.parse([...jsonLines(any)].join('')), JSON.parse(JSON.stringify(any)))));
  });

  it('comes in pieces of bounded length, and is never held as a whole', () => {
    const pieces = [...jsonPieces({ list: new Array<string>(10_000).fill('x'.repeat(100)) })];
    assert.ok(pieces.length > 10 && pieces.every(({ length }) => length < 70_000));
    assert.equal(pieces.join(''), JSON.stringify({ list: new Array<string>(10_000).fill('x'.repeat(100)) }));
  });
});

describe('JSON from bytes', () => {
  const piecewise = (text: string): unknown => parseJsonBytes(Buffer.from(text), fromText, 0);

  it('is what JSON.parse returns, whole or in pieces', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), data), fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.deepEqual(piecewise(text), JSON.parse(text, fromText));
        assert.deepEqual(parseJsonBytes(Buffer.from(text), fromText), JSON.parse(text, fromText));
      }),
    );
  });

  it('takes the last of equal keys, and a key that is no ordinary one, as JSON.parse does', () => {
    const text = '{"a": [1], "a": {"b": "Infinity"}, "__proto__": [2], "list": ["Infinity", []]}';
    assert.deepEqual(piecewise(text), JSON.parse(text, fromText));
  });

  it('refuses what is no JSON', () => {
    for (const text of ['', '{', '{"a": [1,}', '{"a": 1} x', '{"a": [1] "b": 2}', '{"a": nul}', '[1', '{"a": ["\\ud800x]}'])
      assert.throws(() => piecewise(text), Error, text);
    assert.throws(() => parseJsonBytes(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), undefined, 0), /not UTF-8/);
  });
});
