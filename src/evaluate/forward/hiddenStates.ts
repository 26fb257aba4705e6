import { scoredCount } from '../tasks/scoredCount.js';
import type { TokenSequence } from '../tasks/task.js';
import type { EmbedRequest, SequenceBatch } from './protocol.js';

/** Where a batch lies among a candidate's hidden states, which are one array, batch after batch. */
export interface PlacedBatch extends SequenceBatch {
  readonly from: number;
  readonly to: number;
  /** [sequences, length, hiddenSize] */
  readonly dims: readonly number[];
}

/** Batches one behind the other; the last one's `to` is the length of all hidden states. Short sequences are padded at their end. */
export function placeBatches(batches: readonly SequenceBatch[], hiddenSize: number): PlacedBatch[] {
  let from = 0;
  return batches.map((batch) => {
    const dims = [batch.sequences.length, batch.length, hiddenSize];
    const placed = { ...batch, dims, from, to: from + batch.sequences.length * batch.length * hiddenSize };
    from = placed.to;
    return placed;
  });
}

/** The hidden states that enter the first block. Padding gets zeros: no real token attends to it. */
export function embed(
  request: EmbedRequest,
  sequences: readonly TokenSequence[],
  batches: readonly PlacedBatch[],
  hiddenSize: number,
): Float32Array {
  const values = new Float32Array(batches.at(-1)!.to);
  const rowOf = new Map(Array.from(request.tokens, (token, row) => [token, row]));
  const rows = new Float32Array(request.rows);
  const positions = request.positions === null ? null : new Float32Array(request.positions);
  for (const { sequence, start } of placedSequences(batches, hiddenSize)) {
    for (const [t, token] of sequences[sequence]!.tokens.entries()) {
      const at = start + t * hiddenSize;
      const from = rowOf.get(token)! * hiddenSize;
      for (let i = 0; i < hiddenSize; i++) values[at + i] = rows[from + i]! * request.scale + (positions?.[t * hiddenSize + i] ?? 0);
    }
  }
  return values;
}

/**
 * Copies the hidden states from which scored tokens are predicted to the beginning of `target`, in order of the sequences.
 * @returns how many there are, each of `hiddenSize` values
 */
export function gatherScored(
  states: Float32Array,
  target: Float32Array,
  sequences: readonly TokenSequence[],
  batches: readonly PlacedBatch[],
  hiddenSize: number,
): number {
  const starts = scoredStarts(sequences);
  for (const { sequence, start } of placedSequences(batches, hiddenSize)) {
    const from = start + (sequences[sequence]!.firstScored - 1) * hiddenSize;
    target.set(states.subarray(from, from + scoredCount(sequences[sequence]!) * hiddenSize), starts[sequence]! * hiddenSize);
  }
  return starts.at(-1)!;
}

/** Every sequence, and where its hidden states begin. */
function placedSequences(batches: readonly PlacedBatch[], hiddenSize: number): { sequence: number; start: number }[] {
  return batches.flatMap(({ sequences, length, from }) =>
    sequences.map((sequence, place) => ({ sequence, start: from + place * length * hiddenSize })),
  );
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
