import { bitsOf, type Dtype, type Tensor } from '../../checkpoint/index.js';
import type { BlockwiseRecipe, Recipe, StoredRecipe, UnpackedRecipe } from '../recipe/index.js';
import { shapeOf } from '../recipe/index.js';
import type { ScaleBlock } from './scheme.js';

/**
 * The pieces that formulas of schemes are made of. Codes, zero points and scales are worked out in float64; a value is then rounded
 * once to the dtype of its scales, which is what the libraries that wrote them compute in (`roundedLike`).
 */

/** Values of FP4 (E2M1) by their code. Source: OCP Microscaling Formats (MX) specification 1.0, section 5.3.3. */
const fp4Values = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];

export function stored(tensor: Tensor): StoredRecipe {
  return { kind: 'stored', tensor };
}

/** The same bytes as another dtype and shape: exponents and FP8 scales are often stored as plain bytes. */
export function storedAs(tensor: Tensor, dtype: Dtype, shape: readonly number[]): StoredRecipe {
  const elementCount = (tensor.byteLength * 8) / bitsOf(dtype);
  return stored({ ...tensor, dtype, shape, elementCount });
}

/** Exponents of two, whatever dtype they are stored as. */
export function exponents(tensor: Tensor): StoredRecipe {
  return storedAs(tensor, 'F8_E8M0', tensor.shape);
}

/** Codes of a few bits along each row. */
export function unpackedRows(tensor: Tensor, shape: readonly number[], bits: number, order: readonly number[] = []): UnpackedRecipe {
  return { kind: 'unpacked', tensor, shape, bits, axis: 1, order };
}

/** Codes of a few bits down each column of words. */
export function unpackedColumns(tensor: Tensor, shape: readonly number[], bits: number): UnpackedRecipe {
  return { kind: 'unpacked', tensor, shape, bits, axis: 0, order: [] };
}

/** FP4 numbers, two in a byte, the low half first. */
export function fp4(tensor: Tensor, shape: readonly number[]): Recipe {
  return { kind: 'lookup', of: unpackedRows(tensor, shape, 4), table: fp4Values };
}

/** Each value with the one of its block. `by` may have any shape that has a value for each block. */
export function blockwise(operation: BlockwiseRecipe['operation'], of: Recipe, by: Recipe, [rows, columns]: ScaleBlock): Recipe {
  const shape = shapeOf(of);
  const [height, width] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const [blockRows, blockColumns] = [rows ?? height, columns ?? width];
  const blocks = [Math.ceil(height / blockRows), Math.ceil(width / blockColumns)].slice(shape.length > 1 ? 0 : 1);
  return { kind: 'blockwise', operation, of, by: reshaped(by, [...shape.slice(0, -2), ...blocks]), blockRows, blockColumns };
}

/** `code · scale`. */
export function scaled(codes: Recipe, scales: Recipe, block: ScaleBlock): Recipe {
  return blockwise('multiply', codes, scales, block);
}

export function reshaped(of: Recipe, shape: readonly number[]): Recipe {
  return shapeOf(of).join() === shape.join() ? of : { kind: 'reshaped', of, shape };
}

export function transposed(of: Recipe): Recipe {
  return { kind: 'transposed', of };
}

/** Groups in the order of an index that says the group of each entry; without one they stay as they are. */
export function gathered(indices: Tensor | undefined): (groups: Recipe) => Recipe {
  return (groups) => (indices === undefined ? groups : { kind: 'gathered', of: groups, indices });
}

export function shifted(of: Recipe, shift: number): Recipe {
  return { kind: 'affine', of, scale: 1, shift };
}

/** Rounded to the dtype of the scales, or to float32 where scales are finer or of a format of few bits. */
export function roundedLike(of: Recipe, scales: Tensor): Recipe {
  const dtype = scales.dtype === 'F16' || scales.dtype === 'BF16' ? scales.dtype : 'F32';
  return { kind: 'rounded', of, dtype };
}
