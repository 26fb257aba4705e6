import { bitsOf, type Tensor } from '../../checkpoint/index.js';
import { shapeOf, type Recipe } from '../../model/recipe/index.js';
import type { Values } from '../recipe/index.js';
import { isWidened, type Panel, type ProductKernels, type WidenedDtype } from '../simd/index.js';
import type { SliceReader } from '../sliceReader.js';
import type { FileVersion } from '../task.js';

/** Bytes of a stored factor that are read at once, unless one panel needs more. */
const usualByteLength = 2 * 1024 * 1024;

/** A factor as `rank` rows, of which some columns at a time go into a panel. */
export interface FactorSource {
  readonly rank: number;
  readonly length: number;
  /** Bytes that it keeps in its slot of the kernels' memory, for panels of `stride` columns. */
  slotByteLength(stride: number): number;
  /** Fills rows of the panel, whose places all hold zero where the panel is not full. @returns false where all is zero, and nothing was written */
  fill(
    kernels: ProductKernels,
    slot: number,
    panel: Panel,
    columns: { readonly first: number; readonly count: number; readonly row: number },
  ): boolean;
  /** What was read is read again, since the slots were moved. */
  forget(): void;
}

/** @param recipe `[rank, length]` */
export function factorSource(recipe: Recipe, files: Readonly<Record<number, FileVersion>>, reader: SliceReader): FactorSource {
  const isTurned = recipe.kind === 'transposed';
  const plain = isTurned ? recipe.of : recipe;
  if (plain.kind === 'stored' && plain.tensor.shape.length === 2 && isWidened(plain.tensor.dtype))
    return new StoredFactor({ ...plain.tensor, dtype: plain.tensor.dtype }, files[plain.tensor.shard]!, isTurned, reader);
  return new ComputedFactor(shapeOf(recipe) as [number, number], reader.compile(recipe, files));
}

/** Bytes as they lie in the file, widened by a kernel: most factors there are. */
class StoredFactor implements FactorSource {
  readonly rank: number;
  readonly length: number;
  readonly #size: number;
  /** Columns that the slot holds. */
  #kept = { first: 0, count: 0, isZero: false };

  constructor(
    private readonly tensor: Tensor & { readonly dtype: WidenedDtype },
    private readonly file: FileVersion,
    private readonly isTurned: boolean,
    private readonly reader: SliceReader,
  ) {
    const [rows, columns] = tensor.shape as [number, number];
    [this.rank, this.length] = isTurned ? [columns, rows] : [rows, columns];
    this.#size = bitsOf(tensor.dtype) / 8;
  }

  slotByteLength(stride: number): number {
    return this.#columnsAtOnce(stride) * this.rank * this.#size;
  }

  forget(): void {
    this.#kept = { first: 0, count: 0, isZero: false };
  }

  fill(kernels: ProductKernels, slot: number, panel: Panel, { first, count, row }: { first: number; count: number; row: number }): boolean {
    if (first < this.#kept.first || first + count > this.#kept.first + this.#kept.count) this.#load(kernels, slot, first, panel.stride);
    if (this.#kept.isZero) return false;
    const { rank, isTurned } = this;
    const skipped = first - this.#kept.first;
    const place = isTurned
      ? { at: skipped * rank, rowStep: 1, columnStep: rank }
      : { at: skipped, rowStep: this.#kept.count, columnStep: 1 };
    kernels.place(slot, { dtype: this.tensor.dtype, rank, ...place }, count, panel, row);
    return true;
  }

  /** As many columns as fit, in whole panels. */
  #columnsAtOnce(stride: number): number {
    const panels = Math.max(1, Math.floor(usualByteLength / (this.rank * this.#size * stride)));
    return Math.min(this.length, panels * stride);
  }

  #load(kernels: ProductKernels, slot: number, first: number, stride: number): void {
    const count = Math.min(this.#columnsAtOnce(stride), this.length - first);
    const bytes = kernels.slot(slot).subarray(0, count * this.rank * this.#size);
    if (this.isTurned || count === this.length) this.#read(first * (this.isTurned ? this.rank : 1), bytes);
    else
      for (let k = 0; k < this.rank; k++)
        this.#read(k * this.length + first, bytes.subarray(k * count * this.#size, (k + 1) * count * this.#size));
    this.#kept = { first, count, isZero: kernels.isZero(slot, bytes.byteLength) };
  }

  #read(element: number, into: Uint8Array): void {
    const { name, dtype, start } = this.tensor;
    this.reader.read({ file: this.file, tensor: name, dtype, start: start + element * this.#size, byteLength: into.byteLength }, into);
  }
}

/** Anything else: parts of fused factors, other dtypes. */
class ComputedFactor implements FactorSource {
  readonly rank: number;
  readonly length: number;

  constructor(
    [rank, length]: readonly [number, number],
    private readonly values: Values,
  ) {
    [this.rank, this.length] = [rank, length];
  }

  slotByteLength(): number {
    return 0;
  }

  forget(): void {
    // Nothing is kept in the kernels' memory.
  }

  fill(
    _: ProductKernels,
    __: number,
    { values, stride }: Panel,
    { first, count, row }: { first: number; count: number; row: number },
  ): boolean {
    const rows = values.subarray(row * stride, (row + this.rank) * stride);
    if (count === stride) this.values.read({ row: 0, rows: this.rank, column: first, columns: count }, rows);
    else
      for (let k = 0; k < this.rank; k++)
        this.values.read({ row: k, rows: 1, column: first, columns: count }, rows.subarray(k * stride, k * stride + count));
    return true;
  }
}
