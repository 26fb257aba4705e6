import { sliceLength, type SliceSummer } from './sliceSummer.js';

/** Largest relative error of a sum that a sound device makes; twice what correct rounding can reach. */
const tolerance = 1.6e-6;

/**
 * Lets a device prove on known values that its float32 arithmetic is what the error bound assumes: drivers may
 * reorder arithmetic, and Δ of two close values shows it. No value is 0, so that a lost block shows too.
 * @throws when it is not.
 */
export async function testArithmetic(summer: Pick<SliceSummer, 'sum'>): Promise<void> {
  const a = Float32Array.from({ length: sliceLength }, (_, i) => ((i * 7919) % 10007) / 10007 + 0.5);
  const b = a.map((value, i) => value * (1 + ((i % 61) + 1) * 2 ** -20));
  const sums = await summer.sum(a, b);
  assertClose(sums.sumSquaresA, sumOf(a, (x) => x * x));
  assertClose(sums.sumSquaresB, sumOf(b, (y) => y * y));
  assertClose(sums.sumProducts, sumOf(a, (x, i) => x * b[i]!));
  assertClose(sums.sumSquaresDelta, sumOf(a, (x, i) => (b[i]! - x) ** 2));
}

function sumOf(values: Float32Array, term: (value: number, index: number) => number): number {
  return values.reduce((sum, value, index) => sum + term(value, index), 0);
}

function assertClose(actual: number, expected: number): void {
  const error = Math.abs(actual - expected) / expected;
  if (error <= tolerance) return;
  throw new Error(`its float32 sums are wrong by ${error.toExponential(1)} (at most ${tolerance} is expected)`);
}
