/** Sums over one row of a matrix. */
export interface RowSquares {
  readonly row: number;
  /** Σ Δ² and Σ A². */
  readonly squaresDelta: number;
  readonly squaresA: number;
}

/**
 * The rows with the largest Σ Δ² of any number of rows, in memory for `limit` of them: a heap whose first entry is the least
 * of those that are kept. Rows come in ascending order, and of equals the first ones stay. Rows that did not change are left
 * out. Plain numbers in typed arrays: where every row is larger than the one before, every row goes through the heap.
 */
export class LargestRows {
  readonly #rows: Float64Array;
  readonly #squaresDelta: Float64Array;
  readonly #squaresA: Float64Array;
  #count = 0;

  constructor(private readonly limit: number) {
    this.#rows = new Float64Array(limit);
    this.#squaresDelta = new Float64Array(limit);
    this.#squaresA = new Float64Array(limit);
  }

  /** Rows with this Σ Δ² or less would not be kept. */
  get threshold(): number {
    return this.#count < this.limit ? 0 : this.#squaresDelta[0]!;
  }

  add(row: number, squaresDelta: number, squaresA: number): void {
    if (squaresDelta <= this.threshold) return;
    const at = this.#count < this.limit ? this.#placeInLeaf(squaresDelta) : this.#placeFromRoot(row, squaresDelta);
    this.#set(at, row, squaresDelta, squaresA);
  }

  /** The largest first. */
  inOrder(): RowSquares[] {
    const entries = Array.from({ length: this.#count }, (_, i) => ({
      row: this.#rows[i]!,
      squaresDelta: this.#squaresDelta[i]!,
      squaresA: this.#squaresA[i]!,
    }));
    return entries.sort((x, y) => y.squaresDelta - x.squaresDelta || x.row - y.row);
  }

  /** @returns where a new entry goes, after larger ones on its way have moved down. It comes after all others, so equals stay below. */
  #placeInLeaf(squaresDelta: number): number {
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#squaresDelta[parent]! < squaresDelta) break;
      this.#move(parent, at);
      at = parent;
    }
    return at;
  }

  /** @returns where an entry goes that takes the place of the least one, after smaller ones on its way have moved up */
  #placeFromRoot(row: number, squaresDelta: number): number {
    let at = 0;
    for (let child = 1; child < this.#count; child = 2 * at + 1) {
      if (child + 1 < this.#count && this.#isLess(child + 1, this.#rows[child]!, this.#squaresDelta[child]!)) child++;
      if (!this.#isLess(child, row, squaresDelta)) break;
      this.#move(child, at);
      at = child;
    }
    return at;
  }

  #isLess(at: number, row: number, squaresDelta: number): boolean {
    const own = this.#squaresDelta[at]!;
    return own < squaresDelta || (own === squaresDelta && this.#rows[at]! > row);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#rows[from]!, this.#squaresDelta[from]!, this.#squaresA[from]!);
  }

  #set(at: number, row: number, squaresDelta: number, squaresA: number): void {
    this.#rows[at] = row;
    this.#squaresDelta[at] = squaresDelta;
    this.#squaresA[at] = squaresA;
  }
}
