import assert from 'node:assert/strict';
import {
  formatScaleRules,
  patternsProblem,
  readPatterns,
  readScaleRules,
  scaleRulesProblem,
} from '../../../src/extension/transfer/tensorChoiceText.js';

describe('Text of choices of tensors', () => {
  it('holds patterns between white space, none where it is blank', () => {
    assert.deepEqual(readPatterns('  model.layers.{0..11}.*\tlm_head.* '), ['model.layers.{0..11}.*', 'lm_head.*']);
    assert.deepEqual([readPatterns(' '), patternsProblem(' ')], [[], null]);
  });

  it('holds scales by pattern, and is read back as it is written', () => {
    const rules = [
      { pattern: 'model.layers.{0..11}.*', scale: 0.5 },
      { pattern: 'lm_head.*', scale: -1 },
    ];
    assert.equal(formatScaleRules(rules), 'model.layers.{0..11}.*=0.5 lm_head.*=-1');
    assert.deepEqual(readScaleRules(formatScaleRules(rules)), rules);
  });

  it('is refused with the word that is wrong', () => {
    assert.match(patternsProblem('ok.* model.{3..1}.x')!, /\{3\.\.1\}/);
    assert.match(scaleRulesProblem('lm_head.*=much')!, /lm_head\.\*=much/);
    assert.match(scaleRulesProblem('lm_head.*=1 0.5')!, /"0\.5" names no tensors/);
    assert.equal(scaleRulesProblem('lm_head.*=0.5'), null);
  });
});
