import type { TokenSequence } from '../tasks/task.js';
import type { SequenceBatch } from './protocol.js';

/** Tokens of a batch, padding included, unless a single sequence is longer: enough for efficient matrix products. */
const batchTokens = 1024;

/** Share of a batch that may be padding. */
const mostPadding = 0.2;

interface GrowingBatch {
  readonly sequences: number[];
  length: number;
  tokenCount: number;
}

/** Sequences of like length together, so that little is padded. Deterministic. */
export function batchSequences(sequences: readonly TokenSequence[]): SequenceBatch[] {
  const byLength = sequences.map(({ tokens }, index) => ({ index, length: tokens.length }));
  byLength.sort((a, b) => a.length - b.length || a.index - b.index);
  const batches: GrowingBatch[] = [];
  for (const { index, length } of byLength) {
    const last = batches.at(-1);
    if (last && hasRoom(last, length)) {
      last.sequences.push(index);
      last.length = length;
      last.tokenCount += length;
    } else batches.push({ sequences: [index], length, tokenCount: length });
  }
  return batches.map((batch) => ({ sequences: batch.sequences, length: batch.length }));
}

/** Whether a sequence that is as long as the longest yet may join. */
function hasRoom({ sequences, tokenCount }: GrowingBatch, length: number): boolean {
  const padded = (sequences.length + 1) * length;
  return padded <= batchTokens && padded - tokenCount - length <= mostPadding * padded;
}
