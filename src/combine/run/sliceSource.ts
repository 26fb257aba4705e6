import { bitsOf } from '../../checkpoint/index.js';
import { sliceRecipe, sliceStored, type ChunkInput, type SlicedRecipe } from '../../compute/index.js';
import type { PlanInput, PlannedSource, PlannedTensor } from '../plan.js';
import type { RowRun } from '../../model/vocabulary/index.js';

/** One input of a tensor: where it lies, and which of its rows go where. */
export interface SourceView {
  readonly values: SlicedRecipe;
  /** Null: elements correspond by index. */
  readonly rows: readonly PlacedRows[] | null;
}

/** Rows `[from, from + count)` of a source stand at elements from `first` on. */
interface PlacedRows {
  readonly first: number;
  readonly count: number;
  readonly from: number;
}

/** @returns the view of input `index`, with runs that follow each other in the source merged. */
export function viewSource(tensor: PlannedTensor, input: PlanInput, index: number): SourceView {
  const rowLength = rowLengthOf(tensor);
  const values = valuesOf(tensor.sources[index]!, input);
  return { values, rows: tensor.rows === null ? null : placeRows(tensor.rows, index, rowLength) };
}

function valuesOf(source: PlannedSource, input: PlanInput): SlicedRecipe {
  return 'recipe' in source ? sliceRecipe(input, source.recipe, source.name) : sliceStored(input, source);
}

function rowLengthOf({ shape }: PlannedTensor): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

function placeRows(rows: readonly RowRun[], index: number, rowLength: number): PlacedRows[] {
  const placed: PlacedRows[] = [];
  let first = 0;
  for (const { count, sources } of rows) {
    const from = sources[index] ?? null;
    const last = placed.at(-1);
    if (from !== null && last && last.first + last.count === first && last.from + last.count === from * rowLength) {
      placed[placed.length - 1] = { ...last, count: last.count + count * rowLength };
    } else if (from !== null) placed.push({ first, count: count * rowLength, from: from * rowLength });
    first += count * rowLength;
  }
  return placed;
}

/** What has to be read for elements `[first, first + count)` of the tensor. */
export function sliceSource({ values, rows }: SourceView, first: number, count: number): ChunkInput {
  const size = bitsOf(values.dtype) / 8;
  const parts = rows === null ? [{ first, count, from: first }] : cutRows(rows, first, count);
  const slices = parts.map((part) => ({ slice: values.slice(part.from, part.count), at: (part.first - first) * size }));
  return { dtype: values.dtype, byteLength: count * size, slices };
}

function cutRows(rows: readonly PlacedRows[], first: number, count: number): PlacedRows[] {
  const parts: PlacedRows[] = [];
  for (let i = firstEndingAfter(rows, first); i < rows.length && rows[i]!.first < first + count; i++) {
    const row = rows[i]!;
    const start = Math.max(row.first, first);
    parts.push({ first: start, count: Math.min(row.first + row.count, first + count) - start, from: row.from + start - row.first });
  }
  return parts;
}

/** By halving: a vocabulary matched by token has up to a run per row. */
function firstEndingAfter(rows: readonly PlacedRows[], element: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.first + rows[middle]!.count > element) high = middle;
    else low = middle + 1;
  }
  return low;
}
