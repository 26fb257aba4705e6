import { histogramBins, type ChunkSums, type ProductSums } from '../compute/index.js';
import type { DeltaHistogram, DeltaStatistics, MaybeStatistics } from './report/index.js';

/** Statistics that are still being added up: of the chunks of a tensor, or of the tensors of a group. */
export class StatisticsSum {
  #squaresA = 0;
  #squaresB = 0;
  #products = 0;
  #squaresDelta = 0;
  #sumDelta = 0;
  #maxAbsDelta = 0;
  #maxAbsDeltaIndex: number | null = null;
  #compared = 0;
  #zeros = 0;
  #changed = 0;
  #signFlips = 0;
  #nonFiniteA = 0;
  #nonFiniteB = 0;
  /** Some of what was added is known by its norms alone. */
  #isPartial = false;
  readonly #bins: Float64Array<ArrayBuffer>;

  constructor(emptyBins = new Float64Array(histogramBins)) {
    this.#bins = emptyBins;
  }

  /** An empty sum in the memory of this one, which is used no more: for 100,000 tensors that saves 400 MB of garbage. */
  replace(): StatisticsSum {
    return new StatisticsSum(this.#bins.fill(0));
  }

  /** Adds a chunk whose first element is element `first` of the tensor. */
  addChunk(chunk: ChunkSums, first: number): void {
    if (chunk.maxAbsDelta > this.#maxAbsDelta) this.#maxAbsDeltaIndex = first + chunk.maxAbsDeltaIndex;
    this.#addSums(chunk.sumSquaresA, chunk.sumSquaresB, chunk.sumProducts, chunk.sumSquaresDelta, chunk.sumDelta);
    this.#maxAbsDelta = Math.max(this.#maxAbsDelta, chunk.maxAbsDelta);
    this.#compared += chunk.comparedCount;
    this.#zeros += chunk.zeroCount;
    this.#changed += chunk.changedCount;
    this.#signFlips += chunk.signFlips;
    this.#nonFiniteA += chunk.nonFiniteA;
    this.#nonFiniteB += chunk.nonFiniteB;
    const { occupiedBins } = chunk;
    for (let i = 0; i < occupiedBins.length; i += 2) this.#bins[occupiedBins[i]!]! += occupiedBins[i + 1]!;
  }

  /** Adds products that were compared by their factors: norms are known, single values are not. @param count of their values */
  addProducts({ sumSquaresA, sumSquaresB, sumProducts, sumSquaresDelta, sameFactors }: ProductSums, count: number): void {
    this.#addSums(sumSquaresA, sumSquaresB, sumProducts, sumSquaresDelta, 0);
    this.#compared += count;
    if (!sameFactors) this.#isPartial = true;
    else this.#zeros += count;
    this.#bins[0]! += sameFactors ? count : 0;
  }

  /** Adds another tensor or group; positions lose their meaning, so the place of the maximum is dropped. */
  addSum(other: StatisticsSum): void {
    this.#addSums(other.#squaresA, other.#squaresB, other.#products, other.#squaresDelta, other.#sumDelta);
    this.#maxAbsDelta = Math.max(this.#maxAbsDelta, other.#maxAbsDelta);
    this.#compared += other.#compared;
    this.#zeros += other.#zeros;
    this.#changed += other.#changed;
    this.#signFlips += other.#signFlips;
    this.#nonFiniteA += other.#nonFiniteA;
    this.#nonFiniteB += other.#nonFiniteB;
    this.#isPartial ||= other.#isPartial;
    for (let bin = 0; bin < histogramBins; bin++) this.#bins[bin]! += other.#bins[bin]!;
  }

  /** What is known: null for what single values would tell, where only norms were added. */
  finishKnown(): MaybeStatistics {
    const unknown = { maxAbsDelta: null, maxAbsDeltaIndex: null, meanDelta: null, changedCount: null, signFlips: null, histogram: null };
    return this.#isPartial ? { ...this.finish(), ...unknown } : this.finish();
  }

  /** For sums of values. */
  finish(): DeltaStatistics {
    const normA = Math.sqrt(this.#squaresA);
    const normDelta = Math.sqrt(this.#squaresDelta);
    return {
      comparedCount: this.#compared,
      normA,
      normB: Math.sqrt(this.#squaresB),
      normDelta,
      relativeChange: normDelta === 0 ? 0 : normDelta / normA,
      cosine: cosineOf(this.#squaresA, this.#squaresB, this.#products, this.#squaresDelta),
      maxAbsDelta: this.#maxAbsDelta,
      maxAbsDeltaIndex: this.#maxAbsDeltaIndex,
      meanDelta: this.#compared === 0 ? 0 : this.#sumDelta / this.#compared,
      changedCount: this.#changed,
      signFlips: this.#signFlips,
      nonFiniteA: this.#nonFiniteA,
      nonFiniteB: this.#nonFiniteB,
      histogram: finishHistogram(this.#bins, this.#zeros),
    };
  }

  #addSums(squaresA: number, squaresB: number, products: number, squaresDelta: number, sumDelta: number): void {
    this.#squaresA += squaresA;
    this.#squaresB += squaresB;
    this.#products += products;
    this.#squaresDelta += squaresDelta;
    this.#sumDelta += sumDelta;
  }
}

/**
 * Cosine of A and B. Near 1 it is formed from ‖Δ‖, because 1 − A·B/(‖A‖‖B‖) would be rounding noise there:
 * 1 − cos = (‖Δ‖² − (‖A‖ − ‖B‖)²) / (2‖A‖‖B‖), from the law of cosines.
 */
export function cosineOf(squaresA: number, squaresB: number, products: number, squaresDelta: number): number {
  const normA = Math.sqrt(squaresA);
  const normB = Math.sqrt(squaresB);
  if (normA === 0 || normB === 0) return NaN; // rounding in the numerator would make it -Infinity, and the cosine 1
  const distance = (squaresDelta - (normA - normB) ** 2) / (2 * normA * normB);
  if (distance < 0.1) return 1 - Math.max(0, distance);
  return Math.max(-1, Math.min(1, products / (normA * normB)));
}

/** Biased exponent of float32. */
const exponentBias = 127;

function finishHistogram(bins: Float64Array, zeros: number): DeltaHistogram {
  const positive = bins.slice(0, 256);
  const negative = bins.subarray(256);
  positive[0]! -= zeros;
  const isOccupied = (exponent: number) => positive[exponent]! + negative[exponent]! > 0;
  let first = 0;
  let end = positive.length;
  while (first < end && !isOccupied(first)) first++;
  while (first < end && !isOccupied(end - 1)) end--;
  if (first === end) return { zero: zeros, firstExponent: 0, negative: [], positive: [] };
  return {
    zero: zeros,
    firstExponent: first - exponentBias,
    negative: [...negative.subarray(first, end)],
    positive: [...positive.subarray(first, end)],
  };
}
