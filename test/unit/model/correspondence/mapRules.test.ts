import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textCaptures, type PatternPart } from '../../../../src/base/textPattern.js';
import { compileRule, formatMapRule, MapRuleError, parseMapRule } from '../../../../src/model/correspondence/index.js';
import { applyMapRules } from '../../../../src/model/correspondence/mapRules.js';
import { PatternError } from '../../../../src/model/names/index.js';

function renamed(rule: string, name: string): string | null {
  return compileRule(parseMapRule(rule))(name);
}

describe('rule for names', () => {
  it('puts what wildcards and braces fitted into the new name', () => {
    const cases: readonly (readonly [rule: string, name: string, renamed: string | null])[] = [
      [
        'layers.*.attention.wq.*=model.layers.$1.self_attn.q_proj.$2',
        'layers.12.attention.wq.weight',
        'model.layers.12.self_attn.q_proj.weight',
      ],
      ['layers.*.attention.wq.*=model.layers.$1.self_attn.q_proj.$2', 'layers.12.attention.wk.weight', null],
      ['a.*=b.$1.$1', 'a.x.y', 'b.x.y.x.y'],
      ['l.{0..11}.{q,k}?=$3/$2/$1', 'l.10.kz', 'z/k/10'],
      ['l.{0..11}.*=$1', 'l.12.x', null],
      ['**.w=$1', 'a.b.w', 'a.b'],
      ['*.*=$2|$1', 'a.b.c', 'b.c|a'],
      ['x=y=z', 'x', 'y=z'],
      ['x*=$$1$1', 'x9', '$19'],
      ['*=model.$1', '', 'model.'],
      ['層*=$1', '層😀x', '😀x'],
    ];
    for (const [rule, name, expected] of cases) assert.equal(renamed(rule, name), expected, `${rule} of ${name}`);
    assert.equal(formatMapRule(parseMapRule('a*=b$1')), 'a*=b$1');
  });

  it('is refused where it cannot be meant', () => {
    assert.throws(() => parseMapRule('layers'), /written PATTERN=REPLACEMENT, but got "layers"/);
    assert.throws(() => parseMapRule('=x'), MapRuleError);
    assert.throws(() => parseMapRule('a.*.*=$3'), /uses \$3, but its pattern has 2 captures, \$1 to \$2/);
    assert.throws(() => parseMapRule('a.*=$0'), /uses \$0, but its pattern has one capture, \$1/);
    assert.throws(() => parseMapRule('a=$1'), /has no capture/);
    assert.throws(() => parseMapRule('a{b=$1'), PatternError);
  });

  it('is the first that fits; those that fit nothing are told, and two names that would be one', () => {
    const rules = ['a.*=first.$1', '*.b=second.$1', 'never=x'].map(parseMapRule);
    const { names, unused } = applyMapRules(['a.b', 'c.b', 'd'], rules);
    assert.deepEqual(
      [...names].map(([from, { name }]) => [from, name]),
      [
        ['a.b', 'first.b'],
        ['c.b', 'second.c'],
      ],
    );
    assert.deepEqual(unused.map(formatMapRule), ['never=x']);
    assert.throws(() => applyMapRules(['a.1', 'a.2'], [parseMapRule('a.*=b')]), /"a\.1" and "a\.2" both become "b"/);
  });

  it('takes no time that grows with ways to fit', () => {
    const started = performance.now();
    assert.equal(renamed(`${'*a'.repeat(12)}*b=$1`, 'a'.repeat(400)), null);
    assert.notEqual(renamed(`${'*a'.repeat(12)}*b=$1`, `${'a'.repeat(400)}b`), null);
    assert.ok(performance.now() - started < 3000);
  });

  it('captures the same whether it tries ways or not (seed 3)', () => {
    const piece = fc.constantFrom<PatternPart>(
      { kind: 'many' },
      { kind: 'one' },
      { kind: 'text', text: 'a' },
      { kind: 'text', text: '.b' },
      {
        kind: 'either',
        options: [[{ kind: 'text', text: 'ab' }], [{ kind: 'text', text: 'a' }]],
      },
    );
    const ways: PatternPart = { kind: 'either', options: Array.from({ length: 4 }, () => [{ kind: 'text', text: '' }]) };
    const many = Array.from({ length: 12 }, () => ways);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.array(fc.constantFrom('a', 'b', '.', 'c'), { maxLength: 8 }), (parts, letters) => {
        const text = letters.join('');
        const tried = textCaptures(parts).match(text);
        const counted = textCaptures([...parts, ...many]).match(text);
        assert.deepEqual(counted && counted.slice(0, -many.length), tried);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
