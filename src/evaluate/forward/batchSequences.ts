import type { TokenSequence } from '../tasks/task.js';
import type { SequenceBatch } from './protocol.js';

/** Tokens of a batch, padding included, unless a single sequence is longer: enough for efficient matrix products. */
const batchTokens = 1024;

/** Sequences of like length together, so that little is padded. Deterministic. */
export function batchSequences(sequences: readonly TokenSequence[]): SequenceBatch[] {
  const byLength = sequences.map(({ tokens }, index) => ({ index, length: tokens.length }));
  byLength.sort((a, b) => a.length - b.length || a.index - b.index);
  const batches: { sequences: number[]; length: number }[] = [];
  for (const { index, length } of byLength) {
    const last = batches.at(-1);
    if (last && (last.sequences.length + 1) * length <= batchTokens) {
      last.sequences.push(index);
      last.length = length;
    } else batches.push({ sequences: [index], length });
  }
  return batches;
}
