import type { ChunkStatistics } from './kernels.js';

/** What is one number of a chunk's statistics: all but the histogram. */
export type ScalarStatistics = Omit<ChunkStatistics, 'histogram'>;

/** The order in which they are stored, in the kernels' memory and in messages of workers. */
export const statisticFields = [
  'sumSquaresA',
  'sumSquaresB',
  'sumProducts',
  'sumSquaresDelta',
  'sumDelta',
  'maxAbsDelta',
  'maxAbsDeltaIndex',
  'comparedCount',
  'zeroCount',
  'changedCount',
  'signFlips',
  'nonFiniteA',
  'nonFiniteB',
] as const satisfies readonly (keyof ScalarStatistics)[];

/** @returns the statistics stored from `at` on */
export function readScalarStatistics(stored: Float64Array, at: number): ScalarStatistics {
  return {
    sumSquaresA: stored[at]!,
    sumSquaresB: stored[at + 1]!,
    sumProducts: stored[at + 2]!,
    sumSquaresDelta: stored[at + 3]!,
    sumDelta: stored[at + 4]!,
    maxAbsDelta: stored[at + 5]!,
    maxAbsDeltaIndex: stored[at + 6]!,
    comparedCount: stored[at + 7]!,
    zeroCount: stored[at + 8]!,
    changedCount: stored[at + 9]!,
    signFlips: stored[at + 10]!,
    nonFiniteA: stored[at + 11]!,
    nonFiniteB: stored[at + 12]!,
  };
}
