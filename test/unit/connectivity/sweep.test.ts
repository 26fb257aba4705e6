import assert from 'node:assert/strict';
import { capabilityOf } from '../../../src/connectivity/line/capability.js';
import { optimumOf } from '../../../src/connectivity/line/optimum.js';
import type { LinePath, LinePoint } from '../../../src/connectivity/index.js';
import { noisyScore, outsideScore, outsideTask, pointAt, pointsOn, textTask } from './support/scores.js';

const positions = [-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
const path: LinePath = { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' };
const noise = { windows: 64, shared: 0.5, own: 0.02 };

describe('optimum of a sweep', () => {
  it('is the λ with the least loss, with its paired gains', () => {
    const optimum = optimumOf(
      pointsOn((at) => 3 + (at - 0.75) ** 2, positions),
      0,
      textTask,
    )!;
    assert.equal(optimum.at, 0.75);
    for (const [found, expected] of [
      [optimum.loss, 3],
      [optimum.gainOverOne, 0.0625],
      [optimum.gainOverTarget, 0.5625],
    ] as const)
      assert.ok(Math.abs(found - expected) < 1e-9, `${found} is not ${expected}`);
    assert.match(
      optimum.sentence,
      /^Lowest loss on french at λ = 0\.75 over 64 windows: 0\.56.* below the target alone; 0\.06.* below λ = 1\.$/,
    );
  });

  it('does not make a gain of noise', () => {
    const { at, sentence } = optimumOf(
      pointsOn(() => 3, positions, noise),
      0,
      textTask,
    )!;
    assert.notEqual(at, 1);
    assert.match(sentence, at === 0 ? /no λ of the grid has a lower loss/ : /below the target alone \(no difference beyond noise\)/);
    assert.doesNotMatch(sentence, /below λ = 1/);
  });

  it('says that a wider range may hold a better one', () => {
    assert.match(
      optimumOf(
        pointsOn((at) => 3 - at, positions),
        0,
        textTask,
      )!.sentence,
      /at the end of the range/,
    );
  });

  it('is not there without λ = 0 and λ = 1', () => {
    assert.equal(
      optimumOf(
        pointsOn(() => 3, [0.25, 1]),
        0,
        textTask,
      ),
      null,
    );
  });

  it('is no verdict where the target or the plain transfer has no finite loss, and names the tensor', () => {
    const broken = spoiled(
      pointsOn((at) => (at === 1 ? NaN : 3 + at ** 2), positions),
      1,
    );
    assert.equal(
      optimumOf(broken, 0, textTask)!.sentence,
      'No verdict on french: at λ = 1 the loss is not a finite number; x.weight has 2 weights that are NaN or infinite there.',
    );
    const nowhere = optimumOf(
      pointsOn(() => NaN, [0, 1]),
      0,
      textTask,
    )!;
    assert.match(nowhere.sentence, /^No verdict on french: at λ = 0 the loss is not a finite number, although all weights are finite\.$/);
  });

  it('is told beside a point that has no finite loss', () => {
    const broken = spoiled(
      pointsOn((at) => (at === 1.5 ? NaN : 3 + (at - 0.75) ** 2), positions),
      1.5,
    );
    const { at, sentence } = optimumOf(broken, 0, textTask)!;
    assert.equal(at, 0.75);
    assert.match(sentence, /^Lowest loss on french at λ = 0\.75 .* No verdict on french: at λ = 1\.5 .*; x\.weight has 2 weights/);
  });

  describe('by an outside command', () => {
    const optimum = (valueAt: (at: number) => number, higherIsBetter = true) =>
      optimumOf(
        positions.map((at) => pointAt(at, outsideScore(valueAt(at), higherIsBetter))),
        0,
        outsideTask,
      )!;

    it('is the highest number where higher is better', () => {
      const { at, sentence, gainOverTarget } = optimum((λ) => 0.6 - 0.2 * Math.abs(λ - 1));
      assert.deepEqual([at, gainOverTarget.toFixed(9)], [1, '0.200000000']);
      assert.match(sentence, /^Highest result on gsm8k at λ = 1: 0\.2\d* above the target alone \(.*\); that is the plain transfer\.$/);
    });

    it('is the lowest number where lower is better', () => {
      const { at, sentence } = optimum((λ) => 4 + (λ - 0.5) ** 2, false);
      assert.equal(at, 0.5);
      assert.match(sentence, /^Lowest result on gsm8k at λ = 0\.5: 0\.250 below the target alone \(.*\); against λ = 1 \(0\.250\): /);
    });

    it('is the target itself where all numbers are the same, and promises nothing of a wider range', () => {
      const { at, sentence } = optimum(() => 0.4);
      assert.equal(at, 0);
      assert.match(sentence, /^On gsm8k no λ of the grid has a higher result than the target alone; against λ = 1 \(0\): [^.]*\.$/);
    });
  });
});

/** The points, the one at `at` with weights that are not finite. */
function spoiled(points: readonly LinePoint[], at: number): LinePoint[] {
  return points.map((point) => (point.at === at ? { ...point, nonFinite: [{ tensor: 'x.weight', count: 2 }] } : point));
}

describe('capability check', () => {
  const check = (finetuned: number, base: number, target: number, windows = 64): ReturnType<typeof capabilityOf> => {
    const few = { ...noise, windows };
    const points: LinePoint[] = pointsOn(() => target, [0], few);
    const reference = (role: string, loss: number, seed: number) => ({
      role,
      formula: role,
      scores: [noisyScore(loss, seed, few)],
      nonFinite: [],
    });
    return capabilityOf(path, points, [reference('base', base, 7), reference('finetuned', finetuned, 8)], [], 0, textTask);
  };

  it('has the losses of source, fine-tune and target', () => {
    const { sourceLoss, finetunedLoss, targetLoss } = check(3, 7, 6.5);
    for (const [found, expected] of [
      [sourceLoss, 7],
      [finetunedLoss, 3],
      [targetLoss, 6.5],
    ] as const)
      assert.ok(Math.abs(found! - expected) < 0.02);
  });

  for (const [finetuned, source, target, expected] of [
    [3, 7, 6.5, /the target \(λ = 0\) is better, by 0\.\d+ ± .* there is something to transfer, by 3\.\d+/],
    [3, 7, 7.5, /the target \(λ = 0\) is worse, by/],
    [3, 7, 2.5, /a transfer has nothing to give here, by 0\.\d+/],
    [3, 7, NaN, /the target \(λ = 0\) has loss NaN, .*: they cannot be compared\./],
    [3, 3, 3, /no difference beyond noise .* no difference beyond noise/],
  ] as const) {
    it(`judges a fine-tune at ${finetuned}, a source at ${source} and a target at ${target}`, () => {
      assert.match(check(finetuned, source, target).sentence, expected);
    });
  }

  it('takes no difference over few windows for noise', () => {
    assert.match(check(3, 7, 6.5, 7).sentence, /at least 8 windows are needed to tell a difference from noise \(0\.\d+ ± /);
    assert.match(check(3, 7, 6.5, 8).sentence, /the target \(λ = 0\) is better/);
  });

  it('speaks of an outside command’s numbers as they are', () => {
    const scored = (target: number, source: number, finetuned: number, higherIsBetter = true): string => {
      const reference = (role: string, value: number) => ({
        role,
        formula: role,
        scores: [outsideScore(value, higherIsBetter)],
        nonFinite: [],
      });
      const points = [pointAt(0, outsideScore(target, higherIsBetter))];
      return capabilityOf(path, points, [reference('base', source), reference('finetuned', finetuned)], [], 0, outsideTask).sentence;
    };
    assert.match(
      scored(0.6, 0.4, 0.9),
      /^On gsm8k, the target \(λ = 0\) has result 0\.6000, the source 0\.4000: the target \(λ = 0\) is better, by 0\.2\d*, a difference without a known standard error\. The fine-tuned version has 0\.9000 against the target's: there is something to transfer, by 0\.3/,
    );
    assert.match(scored(0.6, 0.4, 0.9, false), /is worse, by 0\.2.* a transfer has nothing to give here, by 0\.3/);
    assert.match(scored(0.5, 0.5, 0.5), /: no difference\. .*: no difference\.$/);
  });

  it('of an interpolation speaks of its ends, and says what is missing', () => {
    const ends: LinePath = { kind: 'interpolate', a: 'a', b: 'b' };
    const names = [
      { role: 'a', name: 'A' },
      { role: 'b', name: 'B' },
    ];
    const { sentence, finetunedLoss } = capabilityOf(
      ends,
      pointsOn((at) => 3 - at, [0, 1]),
      [],
      names,
      0,
      textTask,
    );
    assert.match(sentence, /^On french, α = 1 \(B\) has loss 2\.0000, α = 0 \(A\) 3\.0000 nats per token: α = 1 \(B\) is better, by 1/);
    assert.equal(finetunedLoss, null);
    assert.match(capabilityOf(ends, [], [], names, 0, textTask).sentence, /not both scored/);
  });
});
