import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseValuePath } from '../../../../src/evaluate/outside/index.js';
import { numberAt } from '../../../../src/evaluate/outside/valuePath.js';

describe('the path of a value', () => {
  const paths: [string, string[]][] = [
    ['', []],
    ['acc', ['acc']],
    ['results.gsm8k.exact_match,strict-match', ['results', 'gsm8k', 'exact_match,strict-match']],
    ['results["gsm8k.v2"].acc', ['results', 'gsm8k.v2', 'acc']],
    ['["a]b"]["say \\"hi\\""]', ['a]b', 'say "hi"']],
    ['runs.0.acc', ['runs', '0', 'acc']],
  ];
  for (const [text, keys] of paths) it(`${text} is ${JSON.stringify(keys)}`, () => assert.deepEqual(parseValuePath(text), keys));

  for (const text of ['.a', 'a.', 'a..b', 'a[0]', 'a["b"', 'a["b"]c', 'a"b"', '["\\x"]'])
    it(`${text} cannot be read`, () =>
      assert.throws(() => parseValuePath(text), {
        name: 'OutsideCommandError',
        message: /cannot be read at character \d+\. Write keys with dots/,
      }));

  it('property: any keys can be reached', () => {
    const property = fc.property(
      fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (keys, value) => {
        const root = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
        assert.equal(numberAt(root, keys.map((key) => `[${JSON.stringify(key)}]`).join(''), 'test'), value);
      },
    );
    fc.assert(property, { seed: 20261125 });
  });

  const document = { results: { arc: { acc: 0.5, 'acc,none': 'N/A' }, hellaswag: { acc: 'NaN' } }, runs: [1, 2] };
  const failures: [string, RegExp][] = [
    [
      'results.gsm8k.acc',
      /^"results" in output: there is no "gsm8k", found the keys "arc", "hellaswag"\. Correct the value path results\.gsm8k\.acc\.$/,
    ],
    ['results.arc.acc.x', /there is no "x", found "0\.5"\. Correct the value path results\.arc\.acc\.x, or leave it empty/],
    [
      'results.arc',
      /^"arc" in "results" in output: expected a finite number, found the keys "acc", "acc,none"\. Go on with the value path\.$/,
    ],
    ['results.arc.acc,none', /expected a finite number, found "N\/A"\. Let the command give a number/],
    ['results.hellaswag.acc', /expected a finite number, found "NaN"/],
    ['runs', /expected a finite number, found a list of 2/],
    ['runs.2', /there is no "2", found a list of 2/],
    ['constructor', /there is no "constructor"/],
    ['', /found the keys "results", "runs"\. Name the value by a path/],
  ];
  for (const [path, message] of failures)
    it(`leads to no number: ${path}`, () =>
      assert.throws(() => numberAt(document, path, 'output'), { name: 'OutsideCommandError', message }));

  it('reaches elements of lists', () => assert.equal(numberAt(document, 'runs.1', 'output'), 2));
});
