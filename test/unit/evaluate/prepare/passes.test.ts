import assert from 'node:assert/strict';
import { mostPassOperations, type PassLimits, splitPasses } from '../../../../src/evaluate/prepare/splitPasses.js';
import { workUnits } from '../../../../src/evaluate/prepare/workUnits.js';

const unit = (first: number, tokenCount: number): { task: number; first: number; count: number; tokenCount: number } => ({
  task: 0,
  first,
  count: 1,
  tokenCount,
});

describe('work units', () => {
  it('are consecutive sequences of one task with at most 8192 tokens, or one longer sequence', () => {
    const sequences = [4000, 4000, 4000, 9000].map((length) => ({ tokens: new Uint32Array(length), firstScored: 1 }));
    const task = { name: 't', path: 't', kind: 'loss', hash: '', sequences, findings: [], score: () => assert.fail() } as const;
    assert.deepEqual(workUnits([task, { ...task, sequences: sequences.slice(0, 1) }]), [
      { task: 0, first: 0, count: 2, tokenCount: 8000 },
      { task: 0, first: 2, count: 1, tokenCount: 4000 },
      { task: 0, first: 3, count: 1, tokenCount: 9000 },
      { task: 1, first: 0, count: 1, tokenCount: 4000 },
    ]);
  });
});

describe('passes over the weights', () => {
  const units = [unit(0, 100), unit(1, 100), unit(2, 100)];
  const limits = (memoryBudget: number, operations = 0): PassLimits => {
    return { tokenByteLength: 4, memoryBudget, operationsOf: () => operations };
  };
  const packed = (given: PassLimits): number[][] =>
    splitPasses(units, 2, () => true, given).map((pass) => pass.units.map(({ first }) => first));

  it('are one where everything fits', () => {
    assert.deepEqual(
      splitPasses(units, 2, () => true, limits(3600)),
      [{ units, candidates: [0, 1] }],
    );
  });

  it('are more where hidden states would not fit, and have at least one unit', () => {
    assert.deepEqual(packed(limits(3599)), [[0, 1], [2]]);
    assert.deepEqual(packed(limits(1)), [[0], [1], [2]]);
  });

  it('are more where an interruption would cost hours', () => {
    assert.deepEqual(packed(limits(1e9, mostPassOperations / 6)), [[0, 1, 2]]);
    assert.deepEqual(packed(limits(1e9, mostPassOperations / 4)), [[0, 1], [2]]);
    assert.deepEqual(packed(limits(1e9, 2 * mostPassOperations)), [[0], [1], [2]]);
  });

  it('leave out candidates and units whose results are known', () => {
    const known = new Set(['0 0', '1 0', '0 1', '0 2']);
    const passes = splitPasses(units, 2, (candidate, index) => !known.has(`${candidate} ${index}`), limits(1e9));
    assert.deepEqual(passes, [{ units: units.slice(1), candidates: [1] }]);
  });
});
