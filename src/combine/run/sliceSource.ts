import { bitsOf } from '../../checkpoint/index.js';
import type { ChunkInput, FileVersion, PlacedSlice } from '../../compute/index.js';
import type { PlanInput, PlanInputShard, PlannedSource, PlannedTensor } from '../plan.js';
import type { RowRun } from '../../model/vocabulary/index.js';

/** One input of a tensor: where it lies, and which of its rows go where. */
export interface SourceView {
  readonly file: FileVersion;
  readonly source: PlannedSource;
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
  const source = tensor.sources[index]!;
  const file = fileOf(input.shards[source.shard]!);
  return { file, source, rows: tensor.rows === null ? null : placeRows(tensor.rows, index, rowLength) };
}

const files = new WeakMap<PlanInputShard, FileVersion>();

/** One object for a file: a message carries it once, however many tensors it has slices of. */
function fileOf(shard: PlanInputShard): FileVersion {
  const { path, byteLength, modifiedAt } = shard;
  const file = files.get(shard) ?? { path, byteLength, modifiedAt };
  files.set(shard, file);
  return file;
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
export function sliceSource({ file, source, rows }: SourceView, first: number, count: number): ChunkInput {
  const { dtype } = source;
  const byteLength = (count * bitsOf(dtype)) / 8;
  if (rows === null) return { dtype, byteLength, slices: [placeSlice(file, source, { first, count, from: first }, first)] };
  return { dtype, byteLength, slices: cutRows(rows, first, count).map((part) => placeSlice(file, source, part, first)) };
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

function placeSlice(file: FileVersion, source: PlannedSource, { first, count, from }: PlacedRows, origin: number): PlacedSlice {
  const size = bitsOf(source.dtype) / 8;
  const slice = {
    file,
    tensor: source.name,
    dtype: source.dtype,
    start: source.start + from * size,
    byteLength: count * size,
  };
  return { slice, at: (first - origin) * size };
}
