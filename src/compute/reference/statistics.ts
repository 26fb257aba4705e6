import { emptyStatistics, type MutableStatistics } from '../chunkStatistics.js';
import type { ChunkStatistics } from '../kernels.js';

const bitsOfFloat32 = new DataView(new ArrayBuffer(4));

/**
 * Statistics of two value sequences of equal length, one position after the other in float64: what every other
 * implementation is measured against, and what they fall back to for values that float32 cannot carry.
 */
export function referenceStatistics(a: Float64Array, b: Float64Array): ChunkStatistics {
  const total = emptyStatistics();
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (Number.isFinite(x) && Number.isFinite(y)) addFinitePair(total, x, y, i);
    else addNonFinitePair(total, x, y);
  }
  return total;
}

function addFinitePair(total: MutableStatistics, x: number, y: number, index: number): void {
  const delta = y - x;
  total.sumSquaresA += x * x;
  total.sumSquaresB += y * y;
  total.sumProducts += x * y;
  total.sumSquaresDelta += delta * delta;
  total.sumDelta += delta;
  total.comparedCount += 1;
  if ((x < 0 && y > 0) || (x > 0 && y < 0)) total.signFlips += 1;
  if (delta === 0) total.zeroCount += 1;
  else total.changedCount += 1;
  total.histogram[histogramBin(delta)]! += 1;
  if (Math.abs(delta) > total.maxAbsDelta) {
    total.maxAbsDelta = Math.abs(delta);
    total.maxAbsDeltaIndex = index;
  }
}

function addNonFinitePair(total: MutableStatistics, x: number, y: number): void {
  if (!Number.isFinite(x)) total.nonFiniteA += 1;
  if (!Number.isFinite(y)) total.nonFiniteB += 1;
  const equal = x === y || (Number.isNaN(x) && Number.isNaN(y));
  if (!equal) total.changedCount += 1;
}

/**
 * Bin of Δ: sign and exponent bits of its float32 form. Bin 0 thus holds zeros and positive Δ below 2^-126 alike;
 * bin 256 the negative ones. `zeroCount` tells the zeros apart: compared positions that did not change.
 */
function histogramBin(delta: number): number {
  if (delta === 0) return 0;
  bitsOfFloat32.setFloat32(0, delta);
  return bitsOfFloat32.getUint32(0) >>> 23;
}
