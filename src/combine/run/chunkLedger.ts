import { hashByteLength, roundingFields, type CombineResult } from '../../compute/index.js';

/** Numbers that a chunk's rounding is told in. */
export const sumsPerChunk = roundingFields.length;

/** What is known of each chunk of an output: 65 bytes a chunk, so 9 MB for 140 GB. */
export class ChunkLedger {
  readonly hashes: Uint8Array;
  readonly #sums: Float64Array;
  readonly #isDone: Uint8Array;

  constructor(readonly count: number) {
    this.hashes = new Uint8Array(count * hashByteLength);
    this.#sums = new Float64Array(count * sumsPerChunk);
    this.#isDone = new Uint8Array(count);
  }

  isDone(chunk: number): boolean {
    return this.#isDone[chunk] === 1;
  }

  hashOf(chunk: number): Uint8Array {
    return this.hashes.subarray(chunk * hashByteLength, (chunk + 1) * hashByteLength);
  }

  /** In the order of `roundingFields`. */
  sumsOf(chunk: number): Float64Array {
    return this.#sums.subarray(chunk * sumsPerChunk, (chunk + 1) * sumsPerChunk);
  }

  note(numbers: readonly number[], { hashes, rounding }: Pick<CombineResult, 'hashes' | 'rounding'>): void {
    for (const [i, chunk] of numbers.entries()) {
      this.hashOf(chunk).set(hashes.subarray(i * hashByteLength, (i + 1) * hashByteLength));
      this.sumsOf(chunk).set(rounding.subarray(i * sumsPerChunk, (i + 1) * sumsPerChunk));
      this.#isDone[chunk] = 1;
    }
  }

  /** Takes a chunk back: it has to be computed again. */
  forget(chunk: number): void {
    this.#isDone[chunk] = 0;
  }
}
