import { blockTypes, type BlockFacts } from '../../checkpoint/index.js';
import type { BlocksRecipe } from '../../model/recipe/index.js';
import { matrixShape, type Area } from './area.js';
import { blockDecoder, type BlockDecoder } from './blocks/index.js';
import type { PanelReader } from './panelReader.js';
import type { Values } from './values.js';

/** Bytes of whole blocks, and where those of row `i` begin: at `at + i · stride`. */
interface BlockBytes {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly stride: number;
}

/** Values in blocks that lie along each row. */
export class BlockValues implements Values {
  readonly rows: number;
  readonly columns: number;
  readonly #facts: BlockFacts;
  readonly #decode: BlockDecoder;
  /** One block, for the ends of areas that cut it. */
  readonly #block: Float32Array;
  #single = new Float32Array(0);

  /**
   * @param inOrder reads the tensor as one row of bytes: for areas of whole rows, which mostly follow each other
   * @param down reads rectangles of bytes
   */
  constructor(
    recipe: BlocksRecipe,
    private readonly inOrder: PanelReader,
    private readonly down: PanelReader,
  ) {
    ({ rows: this.rows, columns: this.columns } = matrixShape(recipe.shape));
    this.#facts = blockTypes[recipe.type];
    this.#decode = blockDecoder(recipe.type);
    this.#block = new Float32Array(this.#facts.values);
  }

  read(area: Area, out: Float64Array): void {
    if (this.#single.length < out.length) this.#single = new Float32Array(out.length);
    const single = this.#single.subarray(0, out.length);
    this.readFloat32(area, single);
    out.set(single);
  }

  readonly readFloat32 = (area: Area, out: Float32Array): void => {
    const { rows, column, columns } = area;
    const { values } = this.#facts;
    const first = Math.floor(column / values);
    const count = Math.ceil((column + columns) / values) - first;
    const { bytes, at, stride } = this.#bytesOf(area, first, count);
    if (columns === this.columns) this.#decode(bytes, at, out, 0, (rows * columns) / values);
    else for (let i = 0; i < rows; i++) this.#decodeRow(bytes, at + i * stride, out, i * columns, column - first * values, columns);
  };

  /** Blocks `[first, first + count)` of each row. */
  #bytesOf({ row, rows, columns }: Area, first: number, count: number): BlockBytes {
    const { values, bytes } = this.#facts;
    const rowByteLength = (this.columns / values) * bytes;
    if (rows > 1 && columns < this.columns) return this.down.read(row, rows, first * bytes, count * bytes);
    const byteLength = columns === this.columns ? rows * rowByteLength : count * bytes;
    return this.inOrder.read(0, 1, row * rowByteLength + first * bytes, byteLength);
  }

  /** @param skipped values of the first block that lie before those that are wanted */
  #decodeRow(bytes: Uint8Array, at: number, out: Float32Array, to: number, skipped: number, count: number): void {
    const { values, bytes: size } = this.#facts;
    for (const end = to + count; to < end; at += size, skipped = 0) {
      const wanted = Math.min(values - skipped, end - to);
      const whole = skipped === 0 ? Math.floor((end - to) / values) : 0;
      if (whole > 0) {
        this.#decode(bytes, at, out, to, whole);
        to += whole * values;
        at += (whole - 1) * size;
      } else {
        this.#decode(bytes, at, this.#block, 0, 1);
        out.set(this.#block.subarray(skipped, skipped + wanted), to);
        to += wanted;
      }
    }
  }
}
