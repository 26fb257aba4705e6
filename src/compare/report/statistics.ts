/**
 * Signed, logarithmic histogram of Δ = B − A. Bin `k` of each side counts the positions with
 * 2^(firstExponent+k) ≤ |Δ| < 2^(firstExponent+k+1). Bins outside the first and last occupied one are not stored.
 * |Δ| below 2^-126 (but not 0) counts in exponent -127, |Δ| of 2^128 and more in exponent 128.
 */
export interface DeltaHistogram {
  /** Positions whose Δ is exactly 0. */
  readonly zero: number;
  readonly firstExponent: number;
  /** Counts of Δ < 0, by exponent. Same length as `positive`. */
  readonly negative: readonly number[];
  readonly positive: readonly number[];
}

/** What one pass over two value sequences A and B yields. Δ = B − A, over positions where both values are finite. */
export interface DeltaStatistics {
  /** Positions where both values are finite. */
  readonly comparedCount: number;
  /** ‖A‖, the Euclidean norm over the compared positions. */
  readonly normA: number;
  readonly normB: number;
  readonly normDelta: number;
  /** ‖Δ‖ / ‖A‖; 0 when ‖Δ‖ is 0, Infinity when only ‖A‖ is 0. */
  readonly relativeChange: number;
  /** A·B / (‖A‖‖B‖); NaN when a norm is 0. */
  readonly cosine: number;
  readonly maxAbsDelta: number;
  /** Flat index of the first position that reaches `maxAbsDelta`; null when nothing changed, and in sums of tensors. */
  readonly maxAbsDeltaIndex: number | null;
  readonly meanDelta: number;
  /** Positions whose values differ. NaN equals NaN and −0 equals +0, as values; other bits do not count. */
  readonly changedCount: number;
  /** Positions where one value is positive and the other negative. */
  readonly signFlips: number;
  /** NaN and infinities on each side, over all positions. */
  readonly nonFiniteA: number;
  readonly nonFiniteB: number;
  readonly histogram: DeltaHistogram;
}
