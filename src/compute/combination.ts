import type { Dtype } from '../checkpoint/index.js';

/** Types that a combination can be stored as. */
export const storageDtypes = ['F64', 'F32', 'F16', 'BF16'] as const satisfies readonly Dtype[];
export type StorageDtype = (typeof storageDtypes)[number];

export function isStorageDtype(dtype: Dtype): dtype is StorageDtype {
  return (storageDtypes as readonly Dtype[]).includes(dtype);
}

/** One step, `scale · (plus − minus)` or `scale · plus`; inputs by their index. */
export interface WeightedStep {
  readonly scale: number;
  readonly plus: number;
  readonly minus: number | null;
}

/**
 * Arithmetic of one chunk of a combination: every step in float64, added up in order, then rounded to float32 and from
 * there to the storage type, to nearest even (F64 keeps the sum). NaN is stored as the quiet NaN of positive sign.
 */
export interface Arithmetic {
  readonly steps: readonly WeightedStep[];
  /** Of each input. */
  readonly dtypes: readonly Dtype[];
  readonly storage: StorageDtype;
  readonly count: number;
}

/**
 * What rounding did to some elements, in a form that adds up. Δ is what the steps after the target add up to, in
 * float64, where the target is a first step that is a plain input; without one (a diff vector) it is the whole sum.
 * Elements whose Δ is not finite are left out; those that overflow the storage type are counted but not part of the
 * sums of squares. Counts are exact, sums of squares are within 1e-4 of themselves, mostly within 1e-7.
 */
export interface RoundingSums {
  /** Elements whose Δ is not 0. */
  readonly changedCount: number;
  /** Of those, elements stored equal to the target's value. */
  readonly unmovedCount: number;
  /** Σ(stored − exact)². */
  readonly squaresLost: number;
  /** ΣΔ². */
  readonly squaresDelta: number;
  /** Elements stored as NaN or infinity, whatever their Δ. */
  readonly nonFiniteCount: number;
  /** Of those, elements whose exact value is finite: it is beyond the storage type. */
  readonly overflowCount: number;
}

/** Order of the sums where they are packed into numbers. */
export const roundingFields = [
  'changedCount',
  'unmovedCount',
  'squaresLost',
  'squaresDelta',
  'nonFiniteCount',
  'overflowCount',
] as const satisfies readonly (keyof RoundingSums)[];

/** The sums from numbers in the order of `roundingFields`. */
export function unpackRounding(numbers: Float64Array): RoundingSums {
  const [changedCount, unmovedCount, squaresLost, squaresDelta, nonFiniteCount, overflowCount] = numbers;
  return {
    changedCount: changedCount!,
    unmovedCount: unmovedCount!,
    squaresLost: squaresLost!,
    squaresDelta: squaresDelta!,
    nonFiniteCount: nonFiniteCount!,
    overflowCount: overflowCount!,
  };
}

export const noRounding: RoundingSums = {
  changedCount: 0,
  unmovedCount: 0,
  squaresLost: 0,
  squaresDelta: 0,
  nonFiniteCount: 0,
  overflowCount: 0,
};

/** The commonest combination, in one dtype throughout: `target + scale·(plus − minus)`, inputs by their index. */
export interface Transfer {
  readonly dtype: Dtype;
  readonly target: number;
  readonly plus: number;
  readonly minus: number;
  readonly scale: number;
}

/** @returns the steps as a transfer; null when they are something else, or dtypes differ */
export function asTransfer(steps: readonly WeightedStep[], dtypes: readonly Dtype[]): Transfer | null {
  const target = targetOf(steps);
  const difference = steps[1];
  if (target === null || steps.length !== 2 || difference === undefined || difference.minus === null) return null;
  const { plus, minus, scale } = difference;
  const dtype = dtypes[target]!;
  return dtypes[plus] === dtype && dtypes[minus] === dtype ? { dtype, target, plus, minus, scale } : null;
}

/** Index of the input whose values Δ is measured from; null when there is none. */
export function targetOf(steps: readonly WeightedStep[]): number | null {
  const first = steps[0];
  return steps.length > 1 && first?.scale === 1 && first.minus === null ? first.plus : null;
}
