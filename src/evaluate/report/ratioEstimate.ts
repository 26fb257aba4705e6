/** An estimate from a sample of windows or items. */
export interface SampleEstimate {
  readonly value: number;
  /** NaN when there is only one window or item. */
  readonly standardError: number;
}

/**
 * The ratio Σ amount / Σ size with the standard error of the ratio estimator (Cochran, Sampling Techniques, 3rd ed., 6.19,
 * without the finite population correction): `√(n / (n − 1) · Σ (amountᵢ − ratio · sizeᵢ)²) / Σ size`. With equal sizes
 * it is that of a mean, s / √n.
 * Windows count as independent draws: neighbours from one document are alike, so that the error is rather too small.
 */
export function ratioEstimate(amounts: readonly number[], sizes: readonly number[]): SampleEstimate {
  const count = amounts.length;
  const size = sum(sizes);
  const value = sum(amounts) / size;
  const squares = sum(amounts.map((amount, i) => (amount - value * sizes[i]!) ** 2));
  return { value, standardError: count < 2 ? NaN : Math.sqrt((count / (count - 1)) * squares) / Math.abs(size) };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
