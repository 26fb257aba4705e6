import type { ScaleBlock } from './scheme.js';

/** Sizes that schemes use for their blocks, the most usual first. */
const usualSizes = [128, 64, 32, 16, 256, 512, 1024, 8];

/**
 * Rows and columns of a weight that share one of its scales; null when the scales do not fit the weight, so that they
 * are not what they seem.
 * @param expected sizes that a file states or the scheme uses; they are believed where they fit
 */
export function scaleBlock(
  weight: readonly number[],
  scales: readonly number[],
  expected: readonly [number, number] | null = null,
): ScaleBlock | null {
  const lead = weight.slice(0, -2);
  if (weight.length < 2) return product(scales) === 1 ? [null, null] : null;
  const [rows, columns] = [weight.at(-2)!, weight.at(-1)!];
  const isMatrix = scales.length === weight.length && isEqual(scales.slice(0, -2), lead);
  if (!isMatrix && isEqual(scales, [...lead, rows])) return [1, null];
  if (!isMatrix) return product(scales) === 1 || isEqual(scales, lead) ? [null, null] : null;
  const height = blockSize(rows, scales.at(-2)!, expected?.[0]);
  const width = blockSize(columns, scales.at(-1)!, expected?.[1]);
  return height === 'does not fit' || width === 'does not fit' ? null : [height, width];
}

function blockSize(length: number, count: number, expected: number | undefined): number | null | 'does not fit' {
  if (expected !== undefined && Math.ceil(length / expected) === count) return expected;
  if (count === 1) return null;
  return count === length ? 1 : (usualSizes.find((size) => Math.ceil(length / size) === count) ?? 'does not fit');
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
