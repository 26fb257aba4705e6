import { shapeOf, type Recipe } from '../recipe/index.js';

/** How the weight of a module lies in the base: as the product, transposed (`Conv1D`), or as shapes tell. */
export type Orientation = 'linear' | 'conv1d' | 'embedding' | 'experts';

interface Product {
  readonly delta: Recipe;
  readonly orientation: Orientation;
}

/** ΔW of a module whose factors lie as a library stores them; null when these do not fit each other. */
export const storedProduct = {
  /** A `[rank, in]`, B `[out, rank]`; of embeddings A `[rank, rows]`, B `[width, rank]`. */
  peft(a: Recipe, b: Recipe, scale: number, isEmbedding: boolean): Product | null {
    if (shapeOf(a)[0] !== shapeOf(b)[1]) return null;
    const product = lowRank(scale, b, a);
    return isEmbedding ? { delta: transposed(product), orientation: 'embedding' } : { delta: product, orientation: 'linear' };
  },

  /** a `[in, rank]`, b `[rank, out]`; of embeddings a `[rows, rank]`, b `[rank, width]`; of experts a `[experts, rank, in]`, b `[experts, out, rank]`. */
  mlx(a: Recipe, b: Recipe, scale: number, isEmbedding: boolean): Product | null {
    const [shapeA, shapeB] = [shapeOf(a), shapeOf(b)];
    if (shapeA.length === 3) {
      if (shapeA[0] !== shapeB[0] || shapeA[1] !== shapeB[2]) return null;
      const expert = (of: Recipe, index: number): Recipe => reshaped(partOf(of, 0, index, 1, 1), shapeOf(of).slice(1));
      const of = Array.from({ length: shapeA[0]! }, (_, index) => lowRank(scale, expert(b, index), expert(a, index)));
      return { delta: { kind: 'stack', of }, orientation: 'linear' };
    }
    if (shapeA[1] !== shapeB[0]) return null;
    const product = lowRank(scale, a, b);
    return isEmbedding ? { delta: product, orientation: 'embedding' } : { delta: transposed(product), orientation: 'linear' };
  },
};

/**
 * ΔW of fused experts: A `[experts · rank, in]` has the experts one after the other, in B `[out, rank · experts]` they take turns.
 * Source: `ParamWrapper.get_delta_weight` of peft.
 */
export function expertsProduct(a: Recipe, b: Recipe, scale: number, rank: number): Product {
  const experts = shapeOf(a)[0]! / rank;
  if (experts === 1) return { delta: lowRank(scale, b, a), orientation: 'linear' };
  const of = Array.from({ length: experts }, (_, index) =>
    lowRank(scale, partOf(b, 1, index, rank, experts), partOf(a, 0, index * rank, rank, 1)),
  );
  return { delta: { kind: 'stack', of }, orientation: 'experts' };
}

export function lowRank(scale: number, b: Recipe, a: Recipe): Recipe {
  return { kind: 'low-rank', scale, b, a };
}

export function transposed(of: Recipe): Recipe {
  return of.kind === 'transposed' ? of.of : { kind: 'transposed', of };
}

export function reshaped(of: Recipe, shape: readonly number[]): Recipe {
  return { kind: 'reshaped', of, shape };
}

export function partOf(of: Recipe, axis: number, first: number, count: number, step: number): Recipe {
  return { kind: 'part', of, axis, first, count, step };
}

/** `factor · x`, in the factors of a product where it is one. */
export function scaled(of: Recipe, factor: number): Recipe {
  if (factor === 1) return of;
  if (of.kind === 'low-rank') return { ...of, scale: of.scale * factor };
  if (of.kind === 'transposed') return { ...of, of: scaled(of.of, factor) };
  if (of.kind === 'stack') return { ...of, of: of.of.map((part) => scaled(part, factor)) };
  return { kind: 'affine', of, scale: factor, shift: 0 };
}

/** A matrix as a product, `scale · B · A`. */
export interface Factors {
  readonly scale: number;
  /** `[rows, rank]`. */
  readonly b: Recipe;
  /** `[rank, columns]`. */
  readonly a: Recipe;
}

/** The factors of each matrix of a recipe that is a product, or a stack of them; null for all others. */
export function factorsOf(recipe: Recipe): readonly Factors[] | null {
  if (recipe.kind === 'low-rank') return [recipe];
  if (recipe.kind === 'transposed')
    return factorsOf(recipe.of)?.map(({ scale, b, a }) => ({ scale, b: transposed(a), a: transposed(b) })) ?? null;
  if (recipe.kind !== 'stack') return null;
  const parts = recipe.of.map(factorsOf);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}
