import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lastJsonObject, lastNumber, parseLenientJson } from '../../../../src/evaluate/outside/jsonOutput.js';

describe('JSON among the lines of a command', () => {
  it('the last whole object counts, on one line or many, with logs around it', () => {
    const first = '{"acc": 1}';
    const second = JSON.stringify({ results: { arc: { acc: 0.25 } } }, null, 2);
    assert.deepEqual(lastJsonObject(`loading {model}\n${first}\n{'not': json}\nresult: ${second}\ndone in {3} s\n`), {
      results: { arc: { acc: 0.25 } },
    });
  });

  it('a part of an object does not count: neither within another, nor where the beginning is lost', () => {
    const whole = JSON.stringify({ a: { acc: 1 }, b: [{ acc: 2 }], c: { acc: 3 } }, null, 2);
    assert.equal(lastJsonObject(whole.slice(3)), null);
    assert.deepEqual(lastJsonObject(`{"acc": 0}\n${whole.slice(3)}`), { acc: 0 });
    assert.equal(lastJsonObject(whole.slice(0, -1)), null);
  });

  it('numbers that JSON lacks, as Python writes them, do not hide the others', () => {
    const text = '{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN, \\"Infinity\\"", "d": 0.5}';
    const expected = { a: 'NaN', b: ['-Infinity', 'Infinity'], c: 'NaN, "Infinity"', d: 0.5 };
    assert.deepEqual(lastJsonObject(text), expected);
    assert.deepEqual(parseLenientJson(text), expected);
  });

  it('property: any object is found behind any lines', () => {
    const log = fc.array(fc.string().filter((line) => !/[{",[]/.test(line))).map((lines) => lines.join('\n'));
    const property = fc.property(log, fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), log, (before, object, indent, after) => {
      const json = JSON.stringify(object, null, indent ? 2 : 0);
      assert.deepEqual(lastJsonObject(`${before}\n${json}\n-${after}`), JSON.parse(json));
    });
    fc.assert(property, { seed: 20261125 });
  });

  for (const piece of ['{', '{"', '{"a":', '{"a":[', '[{},', '"\\', '{"\n', '}', '}"\n', '{}\n', '{"a":1}x', '}x ', '"\\}\n'])
    it(`a mebibyte of ${JSON.stringify(piece)} before or after an object takes no more than seconds`, () => {
      const flood = piece.repeat((1 << 20) / piece.length);
      assert.deepEqual(lastJsonObject(`${flood}\n-\n{"acc": 1}\n`), { acc: 1 });
      lastJsonObject(`{"acc": 1}\n${flood}`);
    }).timeout(8000);

  const numbers: [string, number | null][] = [
    ['0.5', 0.5],
    ['epoch 3\n 1e-3 \nepoch 4\n', 1e-3],
    ['1\n-2.5\n', -2.5],
    ['1\r\n2\r\n', 2],
    ['took 5 s', null],
    ['', null],
    ['1\nnan\n', NaN],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['0x10', null],
  ];
  for (const [text, number] of numbers)
    it(`the last number of ${JSON.stringify(text)} is ${String(number)}`, () => assert.equal(lastNumber(text), number));
});
