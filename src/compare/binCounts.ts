import { histogramBins } from '../compute/index.js';

/**
 * Counts by bin of a histogram. While it grows it has room for every bin; packed, it has those that are occupied, which are few: a
 * comparison holds one for each module of each layer, and 300,000 with all bins would take 1.2 GB.
 */
export class BinCounts {
  /** Null when packed. */
  #counts: Float64Array<ArrayBuffer> | null;
  /** Bin and count by turns. */
  #occupied: Float64Array = nothing;

  constructor() {
    this.#counts = new Float64Array(histogramBins);
  }

  add(bin: number, count: number): void {
    this.#unpacked()[bin]! += count;
  }

  addAll(other: BinCounts): void {
    const counts = this.#unpacked();
    other.#forEach((bin, count) => (counts[bin]! += count));
  }

  /** The same counts in as little memory as they need. */
  packed(): BinCounts {
    const copy = new BinCounts();
    const occupied: number[] = [];
    this.#forEach((bin, count) => occupied.push(bin, count));
    copy.#counts = null;
    copy.#occupied = Float64Array.from(occupied);
    return copy;
  }

  clear(): void {
    this.#unpacked().fill(0);
  }

  /** A copy with all bins. */
  toArray(): Float64Array<ArrayBuffer> {
    const counts = new Float64Array(histogramBins);
    this.#forEach((bin, count) => (counts[bin] = count));
    return counts;
  }

  #unpacked(): Float64Array<ArrayBuffer> {
    if (this.#counts === null) {
      this.#counts = this.toArray();
      this.#occupied = nothing;
    }
    return this.#counts;
  }

  #forEach(visit: (bin: number, count: number) => void): void {
    const counts = this.#counts;
    if (counts === null) {
      for (let i = 0; i < this.#occupied.length; i += 2) visit(this.#occupied[i]!, this.#occupied[i + 1]!);
    } else {
      for (let bin = 0; bin < histogramBins; bin++) if (counts[bin] !== 0) visit(bin, counts[bin]!);
    }
  }
}

const nothing = new Float64Array();
