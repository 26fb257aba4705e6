import { sliceLength, type SliceSummer, type SliceSums } from './sliceSummer.js';

/** Largest relative error of a sum that a sound device makes; twice what correct rounding can reach. */
const tolerance = 1.6e-6;

/**
 * Lets a device prove on known values that its float32 arithmetic is what the error bound assumes: drivers may
 * reorder arithmetic, and Δ of two close values shows it. No value is 0, so that a lost block shows too.
 * @throws when it is not.
 */
export async function testArithmetic(summer: Pick<SliceSummer, 'sum'>): Promise<void> {
  const a = new Float32Array(sliceLength);
  const b = new Float32Array(sliceLength);
  const expected = fillWithKnownValues(a, b);
  const actual = await summer.sum(a, b);
  assertClose(actual.sumSquaresA, expected.sumSquaresA);
  assertClose(actual.sumSquaresB, expected.sumSquaresB);
  assertClose(actual.sumProducts, expected.sumProducts);
  assertClose(actual.sumSquaresDelta, expected.sumSquaresDelta);
}

/** Values from 0.5 to 1.5, with differences in their last bits; returns their sums in float64. */
function fillWithKnownValues(a: Float32Array, b: Float32Array): SliceSums {
  const sums = { sumSquaresA: 0, sumSquaresB: 0, sumProducts: 0, sumSquaresDelta: 0 };
  for (let i = 0; i < a.length; i++) {
    const x = Math.fround(((i * 7919) % 10007) / 10007 + 0.5);
    const y = Math.fround(x * (1 + ((i % 61) + 1) * 2 ** -20));
    [a[i], b[i]] = [x, y];
    sums.sumSquaresA += x * x;
    sums.sumSquaresB += y * y;
    sums.sumProducts += x * y;
    sums.sumSquaresDelta += (y - x) * (y - x);
  }
  return sums;
}

function assertClose(actual: number, expected: number): void {
  const error = Math.abs(actual - expected) / expected;
  if (error <= tolerance) return;
  throw new Error(`its float32 sums are wrong by ${error.toExponential(1)} (at most ${tolerance} is expected)`);
}
