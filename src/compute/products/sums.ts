import { minOf } from '../../base/extremes.js';
import type { Square, StackedColumns } from './stackedFactors.js';

/** Sums over the values of two products ΔW₁ and ΔW₂; Δ = ΔW₂ − ΔW₁. */
export interface Sums {
  readonly sumSquaresA: number;
  readonly sumSquaresB: number;
  readonly sumProducts: number;
  readonly sumSquaresDelta: number;
  /** False when a factor holds NaN or infinities: the sums mean nothing then. */
  readonly isFinite: boolean;
}

export function sumsOf(parts: readonly Sums[]): Sums {
  const add = (field: Exclude<keyof Sums, 'isFinite'>): number => parts.reduce((sum, part) => sum + part[field], 0);
  return {
    sumSquaresA: add('sumSquaresA'),
    sumSquaresB: add('sumSquaresB'),
    sumProducts: add('sumProducts'),
    sumSquaresDelta: add('sumSquaresDelta'),
    isFinite: parts.every((part) => part.isFinite),
  };
}

/** Rounding of a sum of many float64 products, relative to the sum of their magnitudes; generous. */
const rounding = 2 ** -47;
/** Errors of norms, relative to the larger norm, that Gram matrices may leave. Others are left to QR. */
const tolerance = 1e-8;

/**
 * ‖ΔW‖² = Σᵢⱼ sᵢ sⱼ (BᵀB)ᵢⱼ (AAᵀ)ᵢⱼ. These terms cancel where factors nearly do, or two products are nearly the same: the sums are reliable
 * where what rounding can make of the terms is a small part of every norm.
 */
export function sumsOfGram(gramB: Square, gramA: Square, { scales, first }: StackedColumns): Sums & { isReliable: boolean } {
  const sums = { squaresA: 0, squaresB: 0, products: 0, squaresDelta: 0 };
  let magnitude = 0;
  for (let i = 0; i < scales.length; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * gramB.size + j;
      const term = (i === j ? 1 : 2) * scales[i]! * scales[j]! * gramB.values[at]! * gramA.values[at]!;
      magnitude += Math.abs(term);
      sums.squaresDelta += term;
      if (i < first) sums.squaresA += term;
      else if (j >= first) sums.squaresB += term;
      else sums.products -= term / 2;
    }
  }
  const { squaresA, squaresB, products, squaresDelta } = sums;
  const allowed = tolerance * Math.max(0, squaresA, squaresB, Number.MIN_VALUE);
  const smallest = minOf([squaresA, squaresB, squaresDelta].filter((square) => square !== 0));
  return {
    sumSquaresA: Math.max(0, squaresA),
    sumSquaresB: Math.max(0, squaresB),
    sumProducts: products,
    sumSquaresDelta: Math.max(0, squaresDelta),
    isFinite: Number.isFinite(magnitude),
    isReliable: magnitude === 0 || (smallest > allowed && rounding * magnitude <= allowed),
  };
}

/** ‖ΔW‖ = ‖R_B · S · R_Aᵀ‖, since the orthogonal factors change no norm. */
export function productOfTriangles(triangleB: Square, triangleA: Square, { scales, first }: StackedColumns): Sums {
  let [squaresA, squaresB, products, squaresDelta] = [0, 0, 0, 0];
  const count = scales.length;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let [a, b] = [0, 0];
      for (let k = Math.max(i, j); k < count; k++) {
        const term = scales[k]! * triangleB.values[i * triangleB.size + k]! * triangleA.values[j * triangleA.size + k]!;
        if (k < first) a -= term;
        else b += term;
      }
      squaresA += a * a;
      squaresB += b * b;
      products += a * b;
      squaresDelta += (b - a) ** 2;
    }
  }
  return {
    sumSquaresA: squaresA,
    sumSquaresB: squaresB,
    sumProducts: products,
    sumSquaresDelta: squaresDelta,
    isFinite: Number.isFinite(squaresA + squaresB),
  };
}
