import assert from 'node:assert/strict';
import { checkRules, outcomeOf, parseRule, RuleError } from '../../../src/compare/rules/index.js';
import { PatternError } from '../../../src/model/names/namePattern.js';
import { reportFromJson, reportToJson, type DiffReport } from '../../../src/compare/report/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensorsFile.js';
import { encode } from '../compute/support/chunks.js';
import { compareFiles } from './support/compareFiles.js';

describe('rules of a diff: reading', () => {
  it('takes a metric, an operator and a number, with and without a pattern', () => {
    const { metric, operator, threshold, fits } = parseRule('relativeChange > 0.1');
    assert.deepEqual([metric, operator, threshold, fits], ['relativeChange', '>', 0.1, null]);
    const tight = parseRule(' model.layers.{0..3}.*:cosine<=9.9e-1 ');
    assert.deepEqual([tight.metric, tight.operator, tight.threshold], ['cosine', '<=', 0.99]);
    assert.deepEqual(['model.layers.3.x', 'model.layers.4.x'].map(tight.fits!), [true, false]);
    assert.equal(parseRule('dense/kernel:0: cosine < 0').fits!('dense/kernel:0'), true);
    assert.equal(parseRule('RELATIVECHANGE >= .5').threshold, 0.5);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /is not a rule.*METRIC OPERATOR NUMBER/],
    ['relativeChange', /is not a rule/],
    ['relativeChange = 0.1', /is not a rule/],
    ['relativeChange > 0.1 > 0.2', /is not a rule/],
    ['relativeChange > 0.1; cosine < 1', /is not a rule/],
    ['relative > 0.1', /no metric "relative".*relativeChange/],
    ['constructor > 1', /no metric/],
    ['relativeChange > ten', /"ten" is not a number/],
    ['relativeChange > 10%', /"10%" is not a number/],
    ['relativeChange > 0x1', /not a number/],
    ['relativeChange > Infinity', /not a number/],
    ['relativeChange > 1e999', /1e999 is not/],
    ['relativeChange > -1', /always at least 0/],
    ['cosine < 2', /always from -1 to 1/],
    ['changedShare > 10', /always from 0 to 1/],
    [': cosine < 0.9', /no pattern before the colon/],
    ['*: coverage < 0.9', /number of the whole model/],
    ['*: added > 0', /number of the whole model/],
  ];
  for (const [text, message] of refused) {
    it(`refuses "${text}"`, () => {
      assert.throws(
        () => parseRule(text),
        (error) => error instanceof RuleError && message.test(error.message),
      );
    });
  }

  it('says where a pattern is wrong', () => {
    assert.throws(() => parseRule('a{: cosine < 0.9'), PatternError);
  });
});

describe('rules of a diff: checking', () => {
  const at = temporaryFolder();
  const tensor = (name: string, values: readonly number[]): TensorToWrite => ({
    name,
    dtype: 'F32',
    shape: [values.length],
    bytes: encode('F32', values),
  });

  async function diff(a: Record<string, readonly number[]>, b: Record<string, readonly number[]>): Promise<DiffReport> {
    const sides = [a, b].map((side) => Object.entries(side).map(([name, values]) => tensor(name, values)));
    const paths = [at('a.safetensors'), at('b.safetensors')] as const;
    await Promise.all(sides.map((tensors, side) => writeSafetensors(paths[side]!, tensors)));
    return compareFiles(...paths);
  }

  const check = (report: DiffReport, ...rules: string[]) => checkRules(rules.map(parseRule), report);
  const outcomes = (report: DiffReport, ...rules: string[]) => check(report, ...rules).map(({ outcome }) => outcome);

  it('speaks of the model as one vector without a pattern, of each tensor with one', async () => {
    // ‖A‖² = 3² + 4² + 0 = 25, ‖Δ‖² = 0 + 1² + 0: 0.2 in all, 0 and 0.25 by tensor.
    const report = await diff({ x: [3], y: [4] }, { x: [3], y: [5] });
    assert.deepEqual(outcomes(report, 'relativeChange > 0.2', 'relativeChange >= 0.2', 'relativeChange > 0.19'), [
      'passed',
      'broken',
      'broken',
    ]);
    assert.deepEqual(outcomes(report, 'x: relativeChange > 0', '*: relativeChange > 0.24', '*: relativeChange > 0.25'), [
      'passed',
      'broken',
      'passed',
    ]);
    assert.deepEqual(check(report, '*: relativeChange > 0.24')[0]!.brokenBy, [{ name: 'y', value: 0.25 }]);
    assert.deepEqual(check(report, 'relativeChange > 0.19')[0]!.brokenBy, [{ name: 'y', value: 0.25 }]);
    assert.deepEqual(
      outcomes(report, 'changedShare > 0.49', 'changedShare > 0.5', 'maxAbsDelta >= 1', 'normDelta > 1', 'signFlipShare > 0'),
      ['broken', 'passed', 'broken', 'passed', 'passed'],
    );
  });

  it('names the worst first', async () => {
    const report = await diff({ x: [1, 0], y: [1, 0], z: [1, 0] }, { x: [1, 1], y: [1, 3], z: [1, 2] });
    assert.deepEqual(
      check(report, '*: cosine < 0.9')[0]!.brokenBy.map(({ name }) => name),
      ['y', 'z', 'x'],
    );
  });

  it('leaves undecided what has no counterpart, until a rule about coverage accepts that', async () => {
    const report = await diff({ x: [1, 1], y: [1] }, { x: [1, 1], z: [1] });
    assert.deepEqual(outcomes(report, 'relativeChange > 0.1', '*: cosine < 0.5', 'x: cosine < 0.5'), ['undecided', 'undecided', 'passed']);
    assert.deepEqual(
      check(report, 'relativeChange > 0.1')[0]!
        .undecidedBy.map(({ name, reason }) => [name, reason])
        .sort(),
      [
        ['y', 'it is only in A'],
        ['z', 'it is only in B'],
      ],
    );
    assert.deepEqual(outcomes(report, 'relativeChange > 0.1', 'coverage < 0.6'), ['passed', 'passed']);
    assert.deepEqual(outcomes(report, 'relativeChange > 0.1', 'coverage < 0.7'), ['undecided', 'broken']);
    assert.deepEqual(outcomes(report, 'added > 0', 'added > 1', 'removed >= 1', 'reshaped > 0', 'unread > 0'), [
      'broken',
      'passed',
      'broken',
      'passed',
      'passed',
    ]);
    assert.deepEqual(check(report, 'added > 0')[0]!.brokenBy, [{ name: 'z', value: null }]);
  });

  it('is broken by what was compared, whatever was not', async () => {
    const report = await diff({ x: [1], y: [1] }, { x: [2] });
    assert.deepEqual(outcomes(report, 'relativeChange > 0.5'), ['broken']);
  });

  it('does not pass a model that turned into NaN', async () => {
    const report = await diff({ x: [1, 2] }, { x: [NaN, NaN] });
    assert.deepEqual(outcomes(report, 'relativeChange > 0.1', '*: cosine < 0.9', 'nonFinite > 0', '*: nonFinite > 2'), [
      'undecided',
      'undecided',
      'broken',
      'passed',
    ]);
  });

  it('takes equal bytes for unchanged, also where they were not read', async () => {
    const path = at('same.safetensors');
    await writeSafetensors(path, [tensor('x', [0, 0]), tensor('y', [1])]);
    const report = await compareFiles(path, path);
    assert.deepEqual(outcomes(report, 'relativeChange > 0', 'cosine < 1', '*: cosine < 1', 'changedShare > 0', '*: nonFinite > 0'), [
      'passed',
      'passed',
      'passed',
      'passed',
      'undecided',
    ]);
  });

  it('has no cosine with zeros, and an infinite relative change', async () => {
    const report = await diff({ x: [0] }, { x: [1] });
    assert.deepEqual(outcomes(report, '*: cosine < 0.5', '*: relativeChange > 1000'), ['undecided', 'broken']);
  });

  it('a pattern that fits nothing is no reason to pass', async () => {
    const report = await diff({ x: [1] }, { x: [1] });
    assert.deepEqual(outcomes(report, 'lm_head.*: cosine < 0.9'), ['undecided']);
  });

  it('reads grown rows as partly compared', async () => {
    const paths = [at('short.safetensors'), at('long.safetensors')] as const;
    const rows = (count: number): TensorToWrite => ({ ...tensor('x', new Array<number>(count).fill(1)), shape: [count, 1] });
    await writeSafetensors(paths[0], [rows(2)]);
    await writeSafetensors(paths[1], [rows(3)]);
    const report = await compareFiles(...paths);
    assert.equal(check(report, 'x: relativeChange > 0')[0]!.undecidedBy[0]!.reason, 'of 3 rows, 2 were compared');
    assert.deepEqual(outcomes(report, 'x: relativeChange > 0'), ['undecided']);
    assert.deepEqual(outcomes(report, 'x: relativeChange > 0', 'coverage < 0.5'), ['passed', 'passed']);
  });

  it('the gravest outcome counts, and saved reports are checked as well', async () => {
    const report = reportFromJson(reportToJson(await diff({ x: [1], y: [1] }, { x: [2] })));
    const results = check(report, 'relativeChange > 0.5', 'y: cosine < 1', 'x: cosine < 1');
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['broken', 'undecided', 'passed'],
    );
    assert.deepEqual(
      [outcomeOf(results), outcomeOf(results.slice(1)), outcomeOf(results.slice(2)), outcomeOf([])],
      ['broken', 'undecided', 'passed', 'passed'],
    );
  });
});
