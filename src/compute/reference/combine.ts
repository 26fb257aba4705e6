import { noRounding, targetOf, type Arithmetic, type RoundingSums, type StorageDtype, type WeightedStep } from '../combination.js';
import { decodeToFloat64 } from './decode.js';
import { encodeFromFloat64 } from './encode.js';

export interface Combined {
  readonly bytes: Uint8Array;
  readonly rounding: RoundingSums;
}

/** A combination element by element, as documented at `Arithmetic`: what the kernels are measured against. */
export function referenceCombination({ steps, dtypes, storage, count }: Arithmetic, inputs: readonly Uint8Array[]): Combined {
  const values = inputs.map((bytes, i) => decodeToFloat64(dtypes[i]!, bytes, count));
  const sumAt = (from: number) => Float64Array.from({ length: count }, (_, i) => valueAt(steps.slice(from), values, i));
  const exact = sumAt(0);
  const bytes = encodeFromFloat64(storage, exact);
  const target = targetOf(steps);
  if (target === null) return { bytes, rounding: sumRounding(exact, exact, new Float64Array(count), storage, bytes) };
  return { bytes, rounding: sumRounding(exact, sumAt(1), values[target]!, storage, bytes) };
}

function valueAt(steps: readonly WeightedStep[], values: readonly Float64Array[], i: number): number {
  return steps
    .map(({ scale, plus, minus }) => {
      const difference = minus === null ? values[plus]![i]! : values[plus]![i]! - values[minus]![i]!;
      return scale === 1 ? difference : scale * difference;
    })
    .reduce((sum, term) => sum + term);
}

function sumRounding(
  exact: Float64Array,
  change: Float64Array,
  target: Float64Array,
  storage: StorageDtype,
  bytes: Uint8Array,
): RoundingSums {
  const stored = decodeToFloat64(storage, bytes, exact.length);
  const sums = { ...noRounding };
  exact.forEach((value, i) => {
    if (!Number.isFinite(stored[i])) sums.nonFiniteCount += 1;
    if (!Number.isFinite(stored[i]) && Number.isFinite(value)) sums.overflowCount += 1;
    const delta = change[i]!;
    const lost = stored[i]! - value;
    if (!Number.isFinite(delta)) return;
    if (delta !== 0) sums.changedCount += 1;
    if (delta !== 0 && stored[i] === target[i]) sums.unmovedCount += 1;
    if (!Number.isFinite(lost)) return;
    sums.squaresDelta += delta * delta;
    sums.squaresLost += lost * lost;
  });
  return sums;
}
