import * as at from './layout';

/**
 * The exact path: statistics of `count` pairs of float64 values, added to the results.
 * Serves blocks that float32 sums cannot serve (tails, non-finite, huge or tiny values) and dtypes wider than float32.
 * `first` is the index in the chunk of the first pair.
 */
export function compareExact(a: usize, b: usize, count: i32, first: i32): void {
  let squaresA: f64 = 0, squaresB: f64 = 0, products: f64 = 0, squaresDelta: f64 = 0, sumDelta: f64 = 0;
  let compared: i32 = 0, zeros: i32 = 0, changed: i32 = 0, flips: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const x = load<f64>(a + (<usize>i << 3));
    const y = load<f64>(b + (<usize>i << 3));
    if (!isFinite(x) || !isFinite(y)) {
      changed += countNonFinite(x, y);
      continue;
    }
    const delta = y - x;
    compared++;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
    squaresDelta += delta * delta;
    sumDelta += delta;
    changed += i32(delta != 0);
    zeros += i32(delta == 0);
    flips += i32((x < 0 && y > 0) || (x > 0 && y < 0));
    countBin(delta, i);
    noteMaximum(abs(delta), first + i);
  }
  at.add(at.SUM_SQUARES_A, squaresA);
  at.add(at.SUM_SQUARES_B, squaresB);
  at.add(at.SUM_PRODUCTS, products);
  at.add(at.SUM_SQUARES_DELTA, squaresDelta);
  at.add(at.SUM_DELTA, sumDelta);
  at.add(at.COMPARED, compared);
  at.add(at.ZEROS, zeros);
  at.add(at.CHANGED, changed);
  at.add(at.SIGN_FLIPS, flips);
}

/** Keeps the largest |Δ| and, since positions come in order, the first place that reaches it. */
// @ts-ignore: decorator
@inline
export function noteMaximum(absDelta: f64, index: i32): void {
  if (absDelta > load<f64>(at.MAX_ABS_DELTA)) {
    store<f64>(at.MAX_ABS_DELTA, absDelta);
    store<f64>(at.MAX_INDEX, <f64>index);
  }
}

/** Returns 1 when the pair differs as values; NaN equals NaN. */
function countNonFinite(x: f64, y: f64): i32 {
  if (!isFinite(x)) at.add(at.NON_FINITE_A, 1);
  if (!isFinite(y)) at.add(at.NON_FINITE_B, 1);
  return i32(x != y && !(isNaN(x) && isNaN(y)));
}

/** Zeros of either sign share bin 0; a Δ that only rounds to 0 keeps its sign's lowest bin. */
// @ts-ignore: decorator
@inline
function countBin(delta: f64, i: i32): void {
  const bin = reinterpret<u32>(<f32>delta) >> 23;
  const address = at.HISTOGRAMS + (<usize>(i & 3)) * at.HISTOGRAM_BYTES + (<usize>(delta == 0 ? 0 : bin) << 2);
  store<u32>(address, load<u32>(address) + 1);
}
