import assert from 'node:assert/strict';
import { capabilityOf } from '../../../src/connectivity/line/capability.js';
import { optimumOf } from '../../../src/connectivity/line/optimum.js';
import type { LinePath, LinePoint } from '../../../src/connectivity/index.js';
import { noisyScore, pointsOn, textTask } from './support/scores.js';

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

  it('is not there without λ = 0 and λ = 1, or without a finite loss', () => {
    assert.equal(
      optimumOf(
        pointsOn(() => 3, [0.25, 1]),
        0,
        textTask,
      ),
      null,
    );
    assert.equal(
      optimumOf(
        pointsOn(() => NaN, [0, 1]),
        0,
        textTask,
      ),
      null,
    );
  });
});

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
    [3, 7, 6.5, /the target is better, by 0\.\d+ ± .* there is something to transfer, by 3\.\d+/],
    [3, 7, 7.5, /the target is worse, by/],
    [3, 7, 2.5, /a transfer has nothing to give here, by 0\.\d+/],
    [3, 7, NaN, /the target by itself has loss NaN, .*: they cannot be compared\./],
    [3, 3, 3, /no difference beyond noise .* no difference beyond noise/],
  ] as const) {
    it(`judges a fine-tune at ${finetuned}, a source at ${source} and a target at ${target}`, () => {
      assert.match(check(finetuned, source, target).sentence, expected);
    });
  }

  it('takes no difference over few windows for noise', () => {
    assert.match(check(3, 7, 6.5, 7).sentence, /at least 8 windows are needed to tell a difference from noise \(0\.\d+ ± /);
    assert.match(check(3, 7, 6.5, 8).sentence, /the target is better/);
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
    assert.match(sentence, /^On french, B by itself has loss 2\.0000, A 3\.0000 nats per token: B is better, by 1/);
    assert.equal(finetunedLoss, null);
    assert.match(capabilityOf(ends, [], [], names, 0, textTask).sentence, /not both scored/);
  });
});
