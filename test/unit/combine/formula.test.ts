import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyDelta, diffVector, interpolation, transfer, type Combination } from '../../../src/combine/combination.js';
import { formatCombination } from '../../../src/combine/formatCombination.js';
import { FormulaError, parseCombination } from '../../../src/combine/parseCombination.js';

describe('formula of a combination', () => {
  it('is written as people write it', () => {
    const written: readonly (readonly [Combination, string])[] = [
      [transfer('target', 'finetuned', 'base'), 'target + 1.0·(finetuned − base)'],
      [transfer('target', 'finetuned', 'base', -0.25), 'target − 0.25·(finetuned − base)'],
      [diffVector('finetuned', 'base'), 'finetuned − base'],
      [applyDelta('target', 'delta', 0.3), 'target + 0.3·delta'],
      [applyDelta('target', 'delta'), 'target + delta'],
      [interpolation('a', 'b', 0.5), 'a + 0.5·(b − a)'],
      [
        {
          steps: [
            { scale: -2, plus: 'a', minus: null },
            { scale: 1e-7, plus: 'b', minus: null },
          ],
        },
        '−2.0·a + 1e-7·b',
      ],
      [
        {
          steps: [
            { scale: 1, plus: '/models/my model', minus: null },
            { scale: 1, plus: '-x', minus: 'say "hi"' },
          ],
        },
        '"/models/my model" + 1.0·("-x" − "say ""hi""")',
      ],
    ];
    for (const [combination, text] of written) assert.equal(formatCombination(combination), text);
  });

  it('is read in every spelling of its signs', () => {
    const expected = transfer('models/base-2', 'ft', 'base-1', 0.3);
    for (const text of [
      'models/base-2 + 0.3·(ft − base-1)',
      'models/base-2 + 0.3*(ft - base-1)',
      ' models/base-2 +0.3 × ( ft  -  base-1 ) ',
      '\'models/base-2\' + .3*("ft" − base-1)',
      'models/base-2 + 3e-1*(ft - base-1)',
    ]) {
      assert.deepEqual(parseCombination(text), expected, text);
    }
    assert.deepEqual(parseCombination('0.5*a + 0.5*b'), {
      steps: [
        { scale: 0.5, plus: 'a', minus: null },
        { scale: 0.5, plus: 'b', minus: null },
      ],
    });
    assert.deepEqual(parseCombination('a - b + (c − d)'), {
      steps: [
        { scale: 1, plus: 'a', minus: 'b' },
        { scale: 1, plus: 'c', minus: 'd' },
      ],
    });
    assert.deepEqual(
      parseCombination('t + f - b').steps.map(({ scale }) => scale),
      [1, 1, -1],
    );
    assert.deepEqual(parseCombination('7b'), { steps: [{ scale: 1, plus: '7b', minus: null }] });
  });

  it('says where a formula goes wrong', () => {
    const wrong: readonly (readonly [string, number, RegExp])[] = [
      ['', 1, /a name is missing/],
      ['a +', 4, /a name is missing/],
      ['a b', 3, /expected \+ or −/],
      ['a + (b)', 7, /difference of two names/],
      ['a + (ft-base)', 13, /spaces around the minus/],
      ['a + (b − c', 11, /closing parenthesis/],
      ['a + 0.3*0.5*b', 12, /expected \+ or −/],
      ['a + "b', 5, /never closed/],
      ['a + ""', 5, /empty/],
      ['1e999*a', 1, /too large/],
      ['a + *b', 5, /expected the name/],
    ];
    for (const [text, position, message] of wrong) {
      assert.throws(
        () => parseCombination(text),
        (error) => error instanceof FormulaError && message.test(error.message) && error.position === position,
        `${text} at ${position}`,
      );
    }
  });

  it('reads back what it wrote, for any names and scales', () => {
    const name = fc.oneof(
      fc.constantFrom('target', 'base-1', 'a+b', '0.5', '7b', '/m/x y', '(a)', '-x', '·', "it's", 'a"b', '+'),
      fc.string({ minLength: 1, unit: 'grapheme' }),
    );
    const scale = fc.oneof(fc.constantFrom(1, -1, 0, 0.3, 1e21, 5e-324), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const step = fc.record({ scale, plus: name, minus: fc.option(name) }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        assert.deepEqual(parseCombination(formatCombination({ steps })), { steps });
      }),
      { numRuns: 2000, seed: 20261123 },
    );
  });
});
