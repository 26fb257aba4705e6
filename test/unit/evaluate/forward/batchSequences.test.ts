import assert from 'node:assert/strict';
import { batchSequences } from '../../../../src/evaluate/forward/index.js';

const sequence = (length: number): { tokens: Uint32Array; firstScored: number } => ({ tokens: new Uint32Array(length), firstScored: 1 });

describe('batches of sequences', () => {
  it('hold sequences of like length, padded to at most 1024 tokens', () => {
    assert.deepEqual(batchSequences([512, 100, 512, 90, 512].map(sequence)), [
      { sequences: [3, 1], length: 100 },
      { sequences: [0, 2], length: 512 },
      { sequences: [4], length: 512 },
    ]);
  });

  it('are not padded by more than a fifth', () => {
    const lengths = batchSequences([70, 80, 100, 130].map(sequence)).map(({ length }) => length);
    assert.deepEqual(lengths, [100, 130]);
  });

  it('hold a sequence alone that is longer than a batch', () => {
    assert.deepEqual(batchSequences([3000, 2000].map(sequence)), [
      { sequences: [1], length: 2000 },
      { sequences: [0], length: 3000 },
    ]);
  });
});
