/** Sums over the values of diff vectors that are streamed side by side, tensor by tensor. */
export class DiffVectorSums {
  /** Σ Δᵢ² over everything. */
  readonly squares: number[];
  /** Over what Δᵢ and Δᵢ₋₁ have in common, at i: Σ Δᵢ·Δᵢ₋₁, Σ Δᵢ², Σ Δᵢ₋₁². The first is not used. */
  readonly #common: { dot: number; own: number; previous: number }[];

  constructor(count: number) {
    this.squares = new Array<number>(count).fill(0);
    this.#common = Array.from({ length: count }, () => ({ dot: 0, own: 0, previous: 0 }));
  }

  /** @param values of each diff vector for the same elements; null where it does not have them */
  add(values: readonly (Float32Array | null)[]): void {
    for (const [i, own] of values.entries()) {
      if (own === null) continue;
      const square = dot(own, own);
      this.squares[i]! += square;
      const previous = values[i - 1] ?? null;
      if (previous !== null) this.#addCommon(i, square, own, previous);
    }
  }

  /** cos(Δᵢ, Δᵢ₋₁); null for the first, and where there is nothing in common or one of them is 0. */
  cosine(i: number): number | null {
    const { dot: product, own, previous } = this.#common[i]!;
    const cosine = product / Math.sqrt(own * previous);
    return Number.isFinite(cosine) ? cosine : null;
  }

  #addCommon(i: number, square: number, own: Float32Array, previous: Float32Array): void {
    const sums = this.#common[i]!;
    sums.dot += dot(own, previous);
    sums.own += square;
    sums.previous += dot(previous, previous);
  }
}

/** In float64, so that only the values' own rounding to float32 counts. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
