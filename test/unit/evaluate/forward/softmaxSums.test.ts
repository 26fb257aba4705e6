import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SoftmaxSums } from '../../../../src/evaluate/forward/softmaxSums.js';

/** The block sums that a graph computes from these logits, in float32. */
function blockOf(logits: readonly number[], local: number): { maximum: Float32Array; sumExp: Float32Array; targetLogit: Float32Array } {
  const maximum = Math.max(...logits);
  const sumExp = logits.reduce((sum, logit) => sum + Math.exp(logit - maximum), 0);
  return { maximum: Float32Array.of(maximum), sumExp: Float32Array.of(sumExp), targetLogit: Float32Array.of(logits[local] ?? logits[0]!) };
}

/** log softmax of all logits at once, in float64. */
function logSoftmax(logits: readonly number[], target: number): number {
  const maximum = Math.max(...logits);
  return logits[target]! - maximum - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - maximum), 0));
}

describe('the softmax over blocks of a vocabulary', () => {
  it('is that over all of it, wherever the blocks end', () => {
    const logit = fc.double({ min: -80, max: 80, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.array(logit, { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (logits, a, b) => {
        const target = a % logits.length;
        const cut = 1 + (b % (logits.length - 1));
        const sums = new SoftmaxSums(Uint32Array.of(target));
        for (const [first, end] of [[0, cut] as const, [cut, logits.length] as const]) {
          const [row] = sums.localTargets(0, 1, first, end - first);
          sums.add(0, blockOf(logits.slice(first, end), Number(row)), first, end - first);
        }
        assert.ok(Math.abs(sums.logProbabilities()[0]! - logSoftmax(logits, target)) < 2e-6);
      }),
      { seed: 7 },
    );
  });

  it('is NaN where a logit is', () => {
    const sums = new SoftmaxSums(Uint32Array.of(1));
    sums.add(0, blockOf([1, 2], 1), 0, 2);
    sums.add(0, { maximum: Float32Array.of(NaN), sumExp: Float32Array.of(NaN), targetLogit: Float32Array.of(NaN) }, 2, 2);
    assert.ok(Number.isNaN(sums.logProbabilities()[0]));
  });

  it('asks blocks without the target for any row that they have', () => {
    const sums = new SoftmaxSums(Uint32Array.of(5, 1));
    assert.deepEqual([...sums.localTargets(0, 2, 4, 3)], [1n, 0n]);
  });
});
