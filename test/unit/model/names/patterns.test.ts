import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileScales, parseScaleRule, ScaleError } from '../../../../src/combine/scaleRule.js';
import { compilePattern, PatternError } from '../../../../src/model/names/namePattern.js';

const expressions: Readonly<Record<string, string>> = {
  '.': '\\.',
  '*': '.*',
  '?': '.',
  '{a,b}': '(?:a|b)',
  '{ab,*c,}': '(?:ab|.*c|)',
  '{8..12}': '(?:8|9|10|11|12)',
  '{3..3}': '3',
};

function expressionOf(pieces: readonly string[]): RegExp {
  return new RegExp(`^${pieces.map((piece) => expressions[piece] ?? piece).join('')}$`, 'su');
}

describe('pattern of tensor names', () => {
  it('matches whole names', () => {
    const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      [
        'model.layers.{0..11}.*',
        ['model.layers.0.mlp.up_proj.weight', 'model.layers.11.x'],
        ['model.layers.12.x', 'model.layers.1', 'xmodel.layers.1.x'],
      ],
      ['*.{q,k,v}_proj.weight', ['a.q_proj.weight', 'a.b.v_proj.weight'], ['a.o_proj.weight', 'q_proj.weight']],
      ['layer.?', ['layer.1'], ['layer.12', 'layer.']],
      ['lm_head.weight', ['lm_head.weight'], ['lm_headXweight', 'model.lm_head.weight']],
      ['a{b,{1..2}c*}', ['ab', 'a1c', 'a2cd'], ['a3c', 'a']],
      ['w[0]+(x)|y^$-/\\', ['w[0]+(x)|y^$-/\\'], ['w0x']],
      ['*', ['', 'anything\nat all'], []],
      ['層.😀?', ['層.😀😀', '層.😀x'], ['層.😀']],
      ['l.{98..1203}', ['l.98', 'l.99', 'l.100', 'l.999', 'l.1000', 'l.1203'], ['l.97', 'l.1204', 'l.0100', 'l.', 'l.12034']],
    ];
    for (const [pattern, fitting, others] of cases) {
      const fits = compilePattern(pattern);
      for (const name of fitting) assert.equal(fits(name), true, `${pattern} fits ${name}`);
      for (const name of others) assert.equal(fits(name), false, `${pattern} does not fit ${name}`);
    }
  });

  it('refuses what cannot be meant', () => {
    assert.throws(
      () => compilePattern('a{b'),
      (error) => error instanceof PatternError && error.message.includes('character 2 is never closed'),
    );
    assert.throws(
      () => compilePattern('a}b'),
      (error) => error instanceof PatternError && error.message.includes('character 2 closes nothing'),
    );
    assert.throws(() => compilePattern('l.{11..0}.*'), /Write \{0\.\.11\}/);
    assert.throws(() => compilePattern('l.{0..999999999}'), /too long/);
    assert.throws(() => compilePattern('{'.repeat(100_000)), /nested too deeply/);
  });

  it('takes no time that grows with ways to fit', () => {
    const name = 'a'.repeat(5000);
    const seconds = (pattern: string): number => {
      const started = performance.now();
      assert.equal(compilePattern(pattern)(name), false);
      return (performance.now() - started) / 1000;
    };
    for (const pattern of [`${'*a'.repeat(30)}*b`, `${'{a,aa,*}'.repeat(20)}b`, `${'*'.repeat(1000)}b`])
      assert.ok(seconds(pattern) < 1, pattern);
  });

  it('fits what the regular expression fits that says the same (seed 5)', () => {
    const piece = fc.constantFrom('a', 'b', '.', '*', '?', '{a,b}', '{ab,*c,}', '{8..12}', '{3..3}');
    const name = fc.array(fc.constantFrom('a', 'b', 'c', '.', '1', '10', '8', '3'), { maxLength: 7 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), name, (pieces, letters) => {
        const text = letters.join('');
        const fits = expressionOf(pieces).test(text);
        assert.equal(compilePattern(pieces.join(''))(text), fits, `${pieces.join('')} ${text}`);
        assert.equal(
          compilePattern(`${pieces.join('')}{,${'{x,xx}'.repeat(20)}}`)(text),
          fits,
          `${pieces.join('')} ${text}, tried in no way`,
        );
      }),
      { seed: 5, numRuns: 3000 },
    );
  });
});

describe('scale of a tensor', () => {
  it('is read as a number or a pattern with a number', () => {
    assert.deepEqual(parseScaleRule('0.3'), { pattern: null, scale: 0.3 });
    assert.deepEqual(parseScaleRule('−1'), { pattern: null, scale: -1 });
    assert.deepEqual(parseScaleRule('model.layers.{0..11}.*=0.5'), { pattern: 'model.layers.{0..11}.*', scale: 0.5 });
    for (const text of ['', 'x', '*=', '*=one', 'NaN', '*=Infinity']) assert.throws(() => parseScaleRule(text), ScaleError, text);
    assert.throws(() => parseScaleRule('=1'), /no pattern/);
    assert.throws(() => parseScaleRule('a{=1'), PatternError);
  });

  it('is that of the last rule that fits, and the global one where none does', () => {
    const rules = ['*.mlp.*=0.5', '0.3', '*.up_proj.*=2', '0.7'].map(parseScaleRule);
    const scaleOf = compileScales(rules, 1);
    assert.deepEqual(['a.attn.w', 'a.mlp.down', 'a.mlp.up_proj.w'].map(scaleOf), [0.7, 0.5, 2]);
    assert.equal(compileScales([], 1)('x'), 1);
  });
});
