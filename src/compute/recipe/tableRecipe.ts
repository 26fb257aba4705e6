import { minOf } from '../../base/extremes.js';
import type { AffineRecipe, BlockwiseRecipe, LookupRecipe, Recipe, RoundedDtype } from '../../model/recipe/index.js';
import { shapeOf } from '../../model/recipe/index.js';
import { codeLayout, type CodeLayout, type CodesRecipe } from './codeLayout.js';

/**
 * A recipe that does the same to all codes of a block: `rounded(… (code − zero) · scale)`. The values of a block are those of a table,
 * which has as many entries as there are codes.
 */
export interface TableRecipe {
  readonly codes: CodesRecipe;
  readonly layout: CodeLayout;
  /** In the order in which they are done. Lookups come before anything that depends on blocks. */
  readonly steps: readonly (AffineRecipe | BlockwiseRecipe | LookupRecipe)[];
  readonly dtype: RoundedDtype;
  /** The smallest blocks of all steps, which the others are made of. */
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** What is rounded to `dtype` as codes with a table for each block; null where that is not how it comes about, or no gain. */
export function tableRecipe(of: Recipe, dtype: RoundedDtype): TableRecipe | null {
  const steps: (AffineRecipe | BlockwiseRecipe | LookupRecipe)[] = [];
  let inner = of;
  while (inner.kind === 'affine' || inner.kind === 'blockwise' || inner.kind === 'lookup') {
    steps.unshift(inner);
    inner = inner.of;
  }
  const layout = codeLayout(inner);
  if (layout === null || (inner.kind !== 'stored' && inner.kind !== 'unpacked')) return null;
  const firstBlock = steps.findIndex(({ kind }) => kind === 'blockwise');
  if (steps.some(({ kind }, index) => kind === 'lookup' && firstBlock >= 0 && index > firstBlock)) return null;
  const blocks = blocksOf(steps, shapeOf(inner));
  return blocks !== null && isServed(layout, blocks) ? { codes: inner, layout, steps, dtype, ...blocks } : null;
}

interface Blocks {
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** Null where blocks of several steps lie across each other. */
function blocksOf(steps: TableRecipe['steps'], shape: readonly number[]): Blocks | null {
  const [height, width] = [Math.max(1, shape.at(-2) ?? 1), Math.max(1, shape.at(-1) ?? 1)];
  const sizes = steps.flatMap((step) =>
    step.kind === 'blockwise' ? [{ rows: Math.min(step.blockRows, height), columns: Math.min(step.blockColumns, width) }] : [],
  );
  const blockRows = minOf([height, ...sizes.map(({ rows }) => rows)]);
  const blockColumns = minOf([width, ...sizes.map(({ columns }) => columns)]);
  const nest = sizes.every(
    ({ rows, columns }) => (rows === height || rows % blockRows === 0) && (columns === width || columns % blockColumns === 0),
  );
  return nest ? { blockRows, blockColumns } : null;
}

/** A block has to be larger than its table. */
function isServed(layout: CodeLayout, { blockRows, blockColumns }: Blocks): boolean {
  if (blockRows * blockColumns < (layout.kind === 'bytes' ? 256 : 16)) return false;
  const isColumn = blockColumns === 1 && blockRows > 1;
  switch (layout.kind) {
    case 'bytes':
      return true;
    case 'nibbles-in-rows':
      return isColumn || layout.order.length === 2;
    case 'nibbles-in-columns':
      return isColumn;
  }
}
