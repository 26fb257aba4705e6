import type { BlockType, Dtype, StoredLayout, StridedLayout, Tensor } from '../../checkpoint/index.js';

/**
 * How the values of a parameter come of stored tensors. Plain data: it crosses threads and stands in manifests. All recipes but
 * `stored` are evaluated in float64 or, where `valueDtype` says so, in float32 that holds their values exactly.
 *
 * Axes count from the first dimension. Shapes follow from the parts (`shapeOf`).
 */
export type Recipe =
  | StoredRecipe
  | StridedRecipe
  | ReshapedRecipe
  | PartRecipe
  | StackRecipe
  | ConcatenationRecipe
  | TransposedRecipe
  | RegroupedRecipe
  | GatheredRecipe
  | UnpackedRecipe
  | BlocksRecipe
  | LookupRecipe
  | BlockwiseRecipe
  | LowRankRecipe
  | SumRecipe
  | AffineRecipe
  | NormalisedRecipe
  | RoundedRecipe;

/** One stored tensor as it is. */
export type StoredRecipe = StoredLayout;

/** A view of a tensor's storage, as PyTorch files have them. */
export type StridedRecipe = StridedLayout;

/** The same values in the same order under another shape. */
export interface ReshapedRecipe {
  readonly kind: 'reshaped';
  readonly of: Recipe;
  readonly shape: readonly number[];
}

/** Places `first`, `first + step` … of one axis, `count` of them: a part of a fused tensor, or every second row. */
export interface PartRecipe {
  readonly kind: 'part';
  readonly of: Recipe;
  readonly axis: number;
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

/** Tensors of one shape along a new first axis: experts that are stored one by one. */
export interface StackRecipe {
  readonly kind: 'stack';
  readonly of: readonly Recipe[];
}

/** Tensors behind each other along an axis. */
export interface ConcatenationRecipe {
  readonly kind: 'concatenation';
  readonly axis: number;
  readonly of: readonly Recipe[];
}

/** The last two axes swapped: `Conv1D` against `Linear`. */
export interface TransposedRecipe {
  readonly kind: 'transposed';
  readonly of: Recipe;
}

/**
 * Entries of the first axis, seen as `[outer, first, second]`, in the order `[outer, second, first]`: what converters to GGUF do
 * to the rows of rotary projections.
 */
export interface RegroupedRecipe {
  readonly kind: 'regrouped';
  readonly of: Recipe;
  readonly first: number;
  readonly second: number;
}

/** Entries of the first axis in the order of an index tensor: groups that rows were assigned to (`g_idx`). */
export interface GatheredRecipe {
  readonly kind: 'gathered';
  readonly of: Recipe;
  /** One-dimensional, of an integer dtype. */
  readonly indices: Tensor;
}

/**
 * Small unsigned integers that are packed into the bytes of a tensor, as little-endian streams of bits: along each row, or (`axis`
 * 0) down each column of whole words. Value `i` of a group of `order.length` values is found at place `order[i]` of that group;
 * an empty order leaves all in place. Bits behind the last value of a row are padding.
 */
export interface UnpackedRecipe {
  readonly kind: 'unpacked';
  readonly tensor: Tensor;
  readonly shape: readonly number[];
  readonly bits: number;
  readonly axis: 0 | 1;
  readonly order: readonly number[];
}

/**
 * Values of a GGUF tensor: its bytes are blocks of codes with scales of their own, along the last axis. What a block means follows from
 * its type.
 */
export interface BlocksRecipe {
  readonly kind: 'blocks';
  readonly tensor: Tensor;
  readonly shape: readonly number[];
  readonly type: BlockType;
}

/** Values of a table by index: code books, and formats of so few bits that a table is their definition. */
export interface LookupRecipe {
  readonly kind: 'lookup';
  readonly of: Recipe;
  readonly table: readonly number[] | StoredRecipe;
}

/**
 * Each value with the one of its block: scales, zero points, biases. Blocks lie over the last two axes, those at the ends may be
 * smaller; `by` has a value for each block (its last two axes), and the other axes of `of`.
 */
export interface BlockwiseRecipe {
  readonly kind: 'blockwise';
  readonly operation: 'multiply' | 'divide' | 'subtract' | 'add';
  readonly of: Recipe;
  readonly by: Recipe;
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** `scale · B · A`, the products added up in order of the rank: LoRA (Hu et al. 2021, eq. 3). */
export interface LowRankRecipe {
  readonly kind: 'low-rank';
  readonly scale: number;
  /** `[rows, rank]`. */
  readonly b: Recipe;
  /** `[rank, columns]`. */
  readonly a: Recipe;
}

/** Recipes of one shape, added up in order. */
export interface SumRecipe {
  readonly kind: 'sum';
  readonly of: readonly Recipe[];
}

/** `scale · x + shift`. */
export interface AffineRecipe {
  readonly kind: 'affine';
  readonly of: Recipe;
  readonly scale: number;
  readonly shift: number;
}

/** Each row (of the last axis) divided by its Euclidean norm: directions, whose lengths DoRA keeps apart (Liu et al. 2024, eq. 5). */
export interface NormalisedRecipe {
  readonly kind: 'normalised';
  readonly of: Recipe;
}

/** Rounded to a dtype, through float32, to nearest even. */
export interface RoundedRecipe {
  readonly kind: 'rounded';
  readonly of: Recipe;
  readonly dtype: RoundedDtype;
}

export type RoundedDtype = Extract<Dtype, 'F32' | 'F16' | 'BF16'>;
