/**
 * The softmax over a vocabulary that arrives in blocks of rows: a running maximum, the sum of exponentials relative to
 * it, and the logit of the token that is asked for, all in float64.
 */
export class SoftmaxSums {
  readonly #maximum: Float64Array;
  readonly #sumExp: Float64Array;
  readonly #targetLogit: Float64Array;

  constructor(private readonly targets: Uint32Array) {
    this.#maximum = new Float64Array(targets.length).fill(-Infinity);
    this.#sumExp = new Float64Array(targets.length);
    this.#targetLogit = new Float64Array(targets.length).fill(NaN);
  }

  /** Row within the block of each token from `first` on; 0 for tokens of other blocks. */
  localTargets(first: number, count: number, firstRow: number, rowCount: number): BigInt64Array {
    const local = Array.from(this.targets.subarray(first, first + count), (token) => token - firstRow);
    return BigInt64Array.from(local, (row) => BigInt(row >= 0 && row < rowCount ? row : 0));
  }

  /** Adds a block's result for the tokens from `first` on; all arrays have an entry per token. */
  add(first: number, block: BlockSums, firstRow: number, rowCount: number): void {
    for (const [i, maximum] of block.maximum.entries()) {
      const at = first + i;
      const target = this.targets[at]!;
      if (target >= firstRow && target < firstRow + rowCount) this.#targetLogit[at] = block.targetLogit[i]!;
      this.#addSum(at, maximum, block.sumExp[i]!);
    }
  }

  /** Natural-log probability of each target. */
  logProbabilities(): Float64Array {
    return this.#targetLogit.map((logit, i) => logit - this.#maximum[i]! - Math.log(this.#sumExp[i]!));
  }

  /** A NaN stays one: comparisons with it are false, and the product below is NaN. */
  #addSum(at: number, maximum: number, sumExp: number): void {
    const before = this.#maximum[at]!;
    const larger = Math.max(before, maximum);
    this.#maximum[at] = larger;
    this.#sumExp[at] = scaled(this.#sumExp[at]!, before - larger) + scaled(sumExp, maximum - larger);
  }
}

/** What a block of rows says of each token. */
export interface BlockSums {
  readonly maximum: Float32Array;
  readonly sumExp: Float32Array;
  readonly targetLogit: Float32Array;
}

/** `sum · exp(shift)`; nothing was added yet where the sum is 0. */
function scaled(sum: number, shift: number): number {
  return sum === 0 ? 0 : sum * Math.exp(shift);
}
