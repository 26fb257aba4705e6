import assert from 'node:assert/strict';
import { barrierOf } from '../../../src/connectivity/line/barrier.js';
import { risesOf, chordOf } from '../../../src/connectivity/line/rises.js';
import type { LossScore } from '../../../src/evaluate/report/index.js';
import { gridPositions } from '../../../src/connectivity/line/grid.js';
import { outsideScore, outsideTask, pointAt, pointsOn, questionTask, quizScore, noisyScore, textTask } from './support/scores.js';

const grid = gridPositions({ from: 0, to: 1, points: 11 });
const tent = (at: number): number => 3 + at + 0.4 * Math.min(at, 1 - at);

function near(found: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} is not ${expected}`);
}

describe('barrier of a line', () => {
  it('is the largest rise above the chord, with its place', () => {
    const barrier = barrierOf(pointsOn(tent, grid), 0, textTask)!;
    near(barrier.height, 0.2);
    assert.deepEqual([barrier.alpha, barrier.verdict, barrier.tolerance, barrier.windowsNeeded], [0.5, 'barrier', 0.02, null]);
    assert.match(
      barrier.sentence,
      /^Barrier on french: the loss rises above the chord by 0\.200.* nats per token at α = 0\.5, over 64 windows; a rise of up to 0\.02 nats per token would count as none\.$/,
    );
  });

  it('has the standard error of the mean of the windows’ own rises', () => {
    const points = pointsOn(tent, [0, 0.25, 1], { windows: 40, shared: 1, own: 0.1 });
    const [start, middle, end] = points.map(({ scores }) => (scores[0] as LossScore).itemNats.map((nats) => nats / 100)) as [
      number[],
      number[],
      number[],
    ];
    const rises = middle.map((loss, i) => loss - 0.75 * start[i]! - 0.25 * end[i]!);
    const mean = rises.reduce((sum, rise) => sum + rise, 0) / 40;
    const variance = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0) / 39;
    const [found] = risesOf(chordOf(points)!, 0);
    near(found!.value, mean);
    near(found!.standardError, Math.sqrt(variance / 40));
    assert.ok(found!.standardError < 0.03, 'pairing takes out what all models find hard, which alone would give 0.16');
  });

  it('is below 0 where the loss stays under the chord', () => {
    const barrier = barrierOf(
      pointsOn((at) => 3 - 0.5 * at * (1 - at), grid),
      0,
      textTask,
    )!;
    near(barrier.height, -0.045);
    assert.equal(barrier.verdict, 'connected');
    assert.match(
      barrier.sentence,
      /^No barrier measured on french: at 9 points between the ends .* By itself this does not say that a transfer works\.$/,
    );
  });

  it('stays undecided when noise is large, and says how much text would do', () => {
    const barrier = barrierOf(pointsOn(tent, grid, { windows: 10, shared: 1, own: 2 }), 0, textTask)!;
    assert.equal(barrier.verdict, 'undecided');
    assert.ok(barrier.windowsNeeded! > 10);
    assert.match(barrier.sentence, /About [\d,]+ windows in all, [\d,]+ more, would probably decide it\.$/);
  });

  it('over fewer than 8 windows or questions says that they are too few, whatever the rise', () => {
    const few = barrierOf(pointsOn(tent, grid, { windows: 7, shared: 1, own: 0 }), 0, textTask)!;
    assert.deepEqual([few.verdict, few.windowsNeeded], ['undecided', 8]);
    assert.match(
      few.sentence,
      /^Not decided on french: .* over 7 windows; a verdict takes at least 8: give more text, or smaller windows\.$/,
    );
    const quiz = [pointAt(0, quizScore(3, 3)), pointAt(0.5, quizScore(0, 3)), pointAt(1, quizScore(3, 3))];
    const sentence = barrierOf(quiz, 0, questionTask)!.sentence;
    assert.match(sentence, /^Not decided on quiz: .* over 3 items; a verdict takes at least 8: give more items\.$/);
  });

  it('ignores points outside 0 and 1', () => {
    const wide = pointsOn((at) => (at < 0 || at > 1 ? 9 : 3), [-0.5, 0, 0.5, 1, 1.5]);
    near(barrierOf(wide, 0, textTask)!.height, 0);
  });

  it('is not there without both ends and something between', () => {
    for (const positions of [
      [0, 1],
      [0.2, 0.5, 1],
      [0, 0.5],
    ])
      assert.equal(barrierOf(pointsOn(tent, positions), 0, textTask), null);
  });

  it('is of the error rate for questions', () => {
    const points = [pointAt(0, quizScore(80, 100)), pointAt(0.5, quizScore(40, 100)), pointAt(1, quizScore(60, 100))];
    const barrier = barrierOf(points, 0, questionTask)!;
    near(barrier.height, 0.3);
    assert.deepEqual([barrier.verdict, barrier.alpha], ['barrier', 0.5]);
    assert.match(barrier.sentence, /the error rate rises above the chord by 0\.300 ± 0\.0\d+ at α = 0\.5, over 100 items/);
  });

  it('is undefined where a loss is not finite, and names place and tensor', () => {
    const points = [...pointsOn(tent, [0, 1])];
    const broken = { ...pointAt(0.5, noisyScore(NaN)), nonFinite: [{ tensor: 'model.norm.weight', count: 3 }] };
    const barrier = barrierOf([points[0]!, broken, points[1]!], 0, textTask)!;
    assert.deepEqual([barrier.verdict, barrier.alpha, barrier.height], ['undefined', 0.5, NaN]);
    assert.match(barrier.sentence, /at α = 0\.5 the loss is not a finite number; model\.norm\.weight has 3 weights that are NaN/);
  });

  it('has no verdict from numbers without a standard error, or from other windows', () => {
    const outside = [0, 0.5, 1].map((at) => pointAt(at, outsideScore(at === 0.5 ? 50 : 70)));
    const barrier = barrierOf(outside, 0, outsideTask)!;
    assert.deepEqual([barrier.verdict, barrier.height], ['undefined', 20]);
    const other = pointsOn(tent, [0, 0.5, 1]).map((point, i) =>
      i === 1 ? pointsOn(tent, [0.5], { windows: 32, shared: 0.5, own: 0 })[0]! : point,
    );
    assert.match(barrierOf(other, 0, textTask)!.sentence, /cut the text into different tokens/);
  });
});
