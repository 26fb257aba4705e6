import assert from 'node:assert/strict';
import { estimateMemory } from '../../../src/combine/plan/estimateMemory.js';
import { TokenizerVocabulary } from '../../../src/model/vocabulary/tokenizerVocabulary.js';
import type { RowRun } from '../../../src/model/vocabulary/index.js';

const run: RowRun = { count: 1, sources: [0, 0, 0], copied: false };

function vocabularyOf(size: number): TokenizerVocabulary {
  return new TokenizerVocabulary(new Map(Array.from({ length: size }, (_, id) => [`token ${id}`, id])), new Map(), size);
}

function without(count: number, vocabulary: TokenizerVocabulary | null = null): { vocabulary: TokenizerVocabulary | null }[] {
  return Array.from({ length: count }, () => ({ vocabulary }));
}

function tensors(count: number, rows: readonly RowRun[] | null = null): { rows: readonly RowRun[] | null; sources: [] }[] {
  return Array.from({ length: count }, () => ({ rows, sources: [] }));
}

/** Fails unless the estimate lies within 30 % of what a transfer was measured to take, in MB. */
function assertNear(estimate: number, measured: number): void {
  assert.ok(Math.abs(estimate / 1e6 - measured) <= 0.3 * measured, `${estimate / 1e6} MB, measured ${measured} MB`);
}

describe('estimated memory', () => {
  it('is near what transfers of three inputs were measured to take', () => {
    for (const [workers, measured] of [
      [1, 85.5],
      [2, 101],
      [4, 124.5],
    ] as const)
      assertNear(estimateMemory(without(3), tensors(219), workers), measured);
    assertNear(estimateMemory(without(3), tensors(100_000), 2), 1261);
    assertNear(estimateMemory(without(3, vocabularyOf(128_001)), tensors(3), 2), 110);
    const shuffled = [...without(2, vocabularyOf(128_001)), ...without(1, vocabularyOf(128_001))];
    const runs = new Array<RowRun>(128_001).fill(run);
    const plan = [...tensors(2, runs), ...tensors(1)];
    for (const measured of [436, 505, 338]) assertNear(estimateMemory(shuffled, plan, 2), measured);
  });

  it('grows by the worker, the tensor, the run of rows and the token, and counts a vocabulary that inputs share once', () => {
    const none = estimateMemory(without(3), [], 1);
    const steps = [
      estimateMemory(without(3), [], 2),
      estimateMemory(without(3), tensors(1), 1),
      estimateMemory(without(3), tensors(1, [run]), 1),
    ];
    assert.deepEqual(
      steps.map((bytes) => bytes - none),
      [15e6, 11e3, 11e3 + 1100],
    );
    const shared = vocabularyOf(1000);
    assert.equal(estimateMemory(without(3, shared), [], 1) - none, 150e3);
    assert.equal(estimateMemory([...without(2, shared), ...without(1, vocabularyOf(10))], [], 1) - none, 151.5e3);
  });
});
