import { histogramBins, type ChunkStatistics } from './kernels.js';

/** `ChunkStatistics` while it is being summed up. */
export type MutableStatistics = { -readonly [Field in keyof ChunkStatistics]: ChunkStatistics[Field] };

/** Statistics of no elements: the neutral element of `addStatistics`. */
export function emptyStatistics(): MutableStatistics {
  return {
    sumSquaresA: 0,
    sumSquaresB: 0,
    sumProducts: 0,
    sumSquaresDelta: 0,
    sumDelta: 0,
    maxAbsDelta: 0,
    maxAbsDeltaIndex: -1,
    comparedCount: 0,
    zeroCount: 0,
    changedCount: 0,
    signFlips: 0,
    nonFiniteA: 0,
    nonFiniteB: 0,
    histogram: new Uint32Array(histogramBins),
  };
}

/** Adds `part` to `total`. `positionOf` maps an index within `part` to one within the whole. */
export function addStatistics(total: MutableStatistics, part: ChunkStatistics, positionOf: (index: number) => number): void {
  total.sumSquaresA += part.sumSquaresA;
  total.sumSquaresB += part.sumSquaresB;
  total.sumProducts += part.sumProducts;
  total.sumSquaresDelta += part.sumSquaresDelta;
  total.sumDelta += part.sumDelta;
  addMaximum(total, part, positionOf);
  total.comparedCount += part.comparedCount;
  total.zeroCount += part.zeroCount;
  total.changedCount += part.changedCount;
  total.signFlips += part.signFlips;
  total.nonFiniteA += part.nonFiniteA;
  total.nonFiniteB += part.nonFiniteB;
  part.histogram.forEach((count, bin) => (total.histogram[bin]! += count));
}

/** Of equal maxima the first position wins, whatever order the parts come in. */
function addMaximum(total: MutableStatistics, part: ChunkStatistics, positionOf: (index: number) => number): void {
  if (part.maxAbsDeltaIndex < 0) return;
  const position = positionOf(part.maxAbsDeltaIndex);
  const isFirstOfEquals = part.maxAbsDelta === total.maxAbsDelta && position < total.maxAbsDeltaIndex;
  if (part.maxAbsDelta > total.maxAbsDelta || isFirstOfEquals) {
    total.maxAbsDelta = part.maxAbsDelta;
    total.maxAbsDeltaIndex = position;
  }
}
