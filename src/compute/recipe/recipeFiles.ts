import { bitsOf, type Tensor } from '../../checkpoint/index.js';
import type { UnpackedRecipe } from '../../model/recipe/index.js';
import type { FileReader } from '../fileReader.js';
import type { FileVersion } from '../task.js';
import { matrixShape } from './area.js';
import { PanelReader } from './panelReader.js';

/** What the leaves of a recipe are read with. */
export interface RecipeFiles {
  readonly reader: FileReader;
  /** By the tensors' `shard`. */
  readonly files: Readonly<Record<number, FileVersion>>;
}

/** Reads a tensor's bytes as rows of this length. */
export function bytePanel(tensor: Tensor, rowByteLength: number, { reader, files }: RecipeFiles, panelByteLength?: number): PanelReader {
  const file = files[tensor.shard];
  if (file === undefined) throw new Error(`internal: no file for tensor ${tensor.name}`);
  return new PanelReader(reader, { tensor, file, rowByteLength }, panelByteLength);
}

/** Rows may end in padding: what a row takes follows from the tensor. */
export function packedRowByteLength({ tensor, axis, shape }: UnpackedRecipe): number {
  const { rows, columns } = matrixShape(shape);
  return axis === 1 ? tensor.byteLength / rows : (columns * bitsOf(tensor.dtype)) / 8;
}
