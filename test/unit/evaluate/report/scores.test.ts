import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { choiceScore, contrast, lossScore, pairedDifference, type ScoredQuestion } from '../../../../src/evaluate/report/index.js';

interface LossCase {
  readonly tokens: number[];
  readonly nats: number[][];
  readonly byteCount: number;
  readonly losses: number[];
  readonly standardErrors: number[];
  readonly jackknife: number[];
  readonly perplexities: number[];
  readonly bitsPerByte: number[];
  readonly coefficients: number[];
  readonly contrast: { value: number; standardError: number };
}

interface ChoiceCase {
  readonly logLikelihoods: number[][];
  readonly byteLengths: number[][];
  readonly answers: number[];
  readonly accuracies: [number, number];
  readonly standardErrors: [number, number];
}

const goldens = JSON.parse(readFileSync('test/goldens/scores/expected.json', 'utf8')) as { losses: LossCase[]; choices: ChoiceCase[] };

function assertNear(actual: number, expected: number, relative = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1e-300, Math.abs(expected)), `${actual} is not ${expected}`);
}

function questionsOf({ logLikelihoods, byteLengths, answers }: ChoiceCase): ScoredQuestion[] {
  return answers.map((answer, i) => ({ logLikelihoods: logLikelihoods[i]!, byteLengths: byteLengths[i]!, answer }));
}

const windows = fc.array(fc.record({ nats: fc.double({ min: 0, max: 5000, noNaN: true }), tokens: fc.integer({ min: 1, max: 512 }) }), {
  minLength: 2,
  maxLength: 30,
});

describe('a loss score', () => {
  for (const golden of goldens.losses)
    it(`over ${golden.tokens.length} windows is what numpy says`, () => {
      for (const [k, nats] of golden.nats.entries()) {
        const score = lossScore(nats, golden.tokens, golden.byteCount);
        assertNear(score.loss, golden.losses[k]!);
        assertNear(score.standardError, golden.standardErrors[k]!, 1e-7);
        assertNear(score.perplexity, golden.perplexities[k]!);
        assertNear(score.bitsPerByte, golden.bitsPerByte[k]!);
        if (nats.length > 50) assertNear(score.standardError, golden.jackknife[k]!, 0.05);
      }
    });

  it('has no standard error over one window, and no bits per byte where the bytes are unknown', () => {
    const { loss, standardError, bitsPerByte, tokenCount } = lossScore([6], [4], NaN);
    assert.deepEqual({ loss, standardError, bitsPerByte, tokenCount }, { loss: 1.5, standardError: NaN, bitsPerByte: NaN, tokenCount: 4 });
  });

  it('stays NaN or infinite where the model computed that', () => {
    assert.equal(lossScore([1, NaN], [1, 1], 2).loss, NaN);
    assert.equal(lossScore([1, Infinity], [1, 1], 2).perplexity, Infinity);
  });

  it('does not depend on how the text is cut into windows', () => {
    fc.assert(
      fc.property(windows, (items) => {
        const nats = items.map((item) => item.nats);
        const tokens = items.map((item) => item.tokens);
        const joined = lossScore([nats[0]! + nats[1]!, ...nats.slice(2)], [tokens[0]! + tokens[1]!, ...tokens.slice(2)], 100);
        const apart = lossScore(nats, tokens, 100);
        assert.equal(joined.tokenCount, apart.tokenCount);
        assert.ok(Math.abs(joined.loss - apart.loss) <= 1e-9 * (1 + apart.loss));
        assert.ok(Math.abs(joined.bitsPerByte - apart.bitsPerByte) <= 1e-9 * (1 + apart.bitsPerByte));
      }),
    );
  });

  it('has the standard error of a mean when all windows are equally long', () => {
    assertNear(lossScore([20, 40, 60], [10, 10, 10], 1).standardError, 2 / Math.sqrt(3));
  });
});

describe('a contrast of losses', () => {
  for (const golden of goldens.losses)
    it(`over ${golden.tokens.length} windows is what numpy says`, () => {
      const scores = golden.nats.map((nats) => lossScore(nats, golden.tokens, golden.byteCount));
      const { value, standardError } = contrast(scores, golden.coefficients);
      assertNear(value, golden.contrast.value, 1e-7);
      assertNear(standardError, golden.contrast.standardError, 1e-7);
    });

  it('of a score with itself is exactly 0, whatever its own error', () => {
    const score = lossScore([1, 9, 2], [3, 4, 5], 30);
    assert.deepEqual(pairedDifference(score, score), { value: 0, standardError: 0 });
  });

  it('of one score is the score', () => {
    const score = lossScore([1, 9, 2], [3, 4, 5], 30);
    assert.deepEqual(contrast([score], [1]), { value: score.loss, standardError: score.standardError });
  });

  it('is refused for scores of other windows, of other kinds, or without a coefficient each', () => {
    const score = lossScore([1, 9, 2], [3, 4, 5], 30);
    const choices = choiceScore(questionsOf(goldens.choices[0]!));
    assert.throws(() => pairedDifference(score, lossScore([1, 9], [3, 4], 30)), /same windows or items/);
    assert.throws(() => pairedDifference(score, lossScore([1, 9, 2], [3, 4, 6], 30)), /same windows or items/);
    assert.throws(() => pairedDifference(lossScore([1, 2], [1, 1], 2), choices), /of one kind/);
    assert.throws(() => contrast([score], [1, -1]), /1 scores and 2 coefficients/);
    assert.throws(() => contrast([], []), /0 scores/);
  });
});

describe('a choice score', () => {
  for (const golden of goldens.choices)
    it(`over ${golden.answers.length} questions is what numpy says`, () => {
      const score = choiceScore(questionsOf(golden));
      assertNear(score.accuracy, golden.accuracies[0]);
      assertNear(score.accuracyNormalised, golden.accuracies[1]);
      assertNear(score.standardError, golden.standardErrors[0]);
      assertNear(score.standardErrorNormalised, golden.standardErrors[1]);
    });

  it('takes the first of equal choices, and is NaN where the model computed a NaN', () => {
    const byteLengths = [1, 1];
    const tie = choiceScore([0, 1].map((answer) => ({ logLikelihoods: [-2, -2], byteLengths, answer })));
    assert.deepEqual(tie.itemCorrect, [1, 0]);
    const broken = choiceScore([{ logLikelihoods: [NaN, -2], byteLengths, answer: 1 }]);
    assert.deepEqual([broken.accuracy, broken.standardError], [NaN, NaN]);
  });

  it('normalises by bytes: a long choice may win with a lower sum', () => {
    const { itemCorrect, itemCorrectNormalised } = choiceScore([{ logLikelihoods: [-3, -4], byteLengths: [1, 10], answer: 1 }]);
    assert.deepEqual([itemCorrect, itemCorrectNormalised], [[0], [1]]);
  });

  it('pairs by question', () => {
    const byteLengths = [1, 1];
    const likelihoods = (rightCount: number) =>
      [0, 1, 2, 3].map((i) => ({ logLikelihoods: i < rightCount ? [-1, -2] : [-2, -1], byteLengths, answer: 0 }));
    const { value, standardError } = pairedDifference(choiceScore(likelihoods(1)), choiceScore(likelihoods(3)));
    assert.equal(value, 0.5);
    assertNear(standardError, Math.sqrt(1 / 3) / 2);
  });
});
