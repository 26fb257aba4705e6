import { scoredCount } from '../tasks/scoredCount.js';
import type { TokenSequence } from '../tasks/task.js';
import type { EmbedRequest, SequenceBatch } from './protocol.js';

/** Hidden states of one batch: [sequences, length, hiddenSize], short sequences padded at their end. */
export interface BatchStates {
  readonly batch: SequenceBatch;
  readonly values: Float32Array<ArrayBuffer>;
}

/** The hidden states that enter the first block. Padding gets zeros: no real token attends to it. */
export function embed(request: EmbedRequest, sequences: readonly TokenSequence[], batch: SequenceBatch, hiddenSize: number): BatchStates {
  const values = new Float32Array(batch.sequences.length * batch.length * hiddenSize);
  const rowOf = new Map(Array.from(request.tokens, (token, row) => [token, row]));
  const rows = new Float32Array(request.rows);
  const positions = request.positions === null ? null : new Float32Array(request.positions);
  for (const [place, sequence] of batch.sequences.entries()) {
    for (const [t, token] of sequences[sequence]!.tokens.entries()) {
      const at = (place * batch.length + t) * hiddenSize;
      const from = rowOf.get(token)! * hiddenSize;
      for (let i = 0; i < hiddenSize; i++) values[at + i] = rows[from + i]! * request.scale + (positions?.[t * hiddenSize + i] ?? 0);
    }
  }
  return { batch, values };
}

/** Hidden states from which scored tokens are predicted, [scored tokens of all sequences, hiddenSize], in order of the sequences. */
export function gatherScored(states: readonly BatchStates[], sequences: readonly TokenSequence[], hiddenSize: number): Float32Array {
  const starts = scoredStarts(sequences);
  const gathered = new Float32Array(starts.at(-1)! * hiddenSize);
  for (const { batch, values } of states) {
    for (const [place, sequence] of batch.sequences.entries()) {
      const { firstScored } = sequences[sequence]!;
      const from = (place * batch.length + firstScored - 1) * hiddenSize;
      const count = scoredCount(sequences[sequence]!);
      gathered.set(values.subarray(from, from + count * hiddenSize), starts[sequence]! * hiddenSize);
    }
  }
  return gathered;
}

/** Index of each sequence's first scored token among all scored tokens, and their number at the end. */
export function scoredStarts(sequences: readonly TokenSequence[]): number[] {
  const starts = [0];
  for (const sequence of sequences) starts.push(starts.at(-1)! + scoredCount(sequence));
  return starts;
}

/** All scored tokens, in order of the sequences. */
export function scoredTokens(sequences: readonly TokenSequence[]): Uint32Array {
  const starts = scoredStarts(sequences);
  const tokens = new Uint32Array(starts.at(-1)!);
  for (const [i, { tokens: all, firstScored }] of sequences.entries()) tokens.set(all.subarray(firstScored), starts[i]);
  return tokens;
}
