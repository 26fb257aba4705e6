import type { FileReader } from '../fileReader.js';
import type { RecipeSlice } from '../task.js';
import { compileRecipe } from './compileRecipe.js';
import { readRange, readRangeFloat32 } from './structureValues.js';
import { Scratch, type Values } from './values.js';

/** Recipes stay compiled, with what they have read, while their slices come one after the other; so many at once. */
const maxCompiled = 3;

/** Computes slices of recipes. */
export class RecipeReader {
  readonly #compiled = new Map<string, Values>();
  #last: { readonly slice: RecipeSlice; readonly values: Values } | null = null;
  readonly #scratch = new Scratch();

  constructor(private readonly reader: FileReader) {}

  /** Fills `target` with the slice's bytes, or a part of them from byte `from` on. @throws FileReadError, FormatError */
  read(slice: RecipeSlice, target: Uint8Array, from = 0): void {
    const size = slice.dtype === 'F32' ? 4 : 8;
    const count = target.byteLength / size;
    const { readFloat32, columns } = this.#valuesOf(slice);
    if (slice.dtype === 'F32' && readFloat32 !== undefined) {
      readRangeFloat32(readFloat32, slice.first + from / size, columns, new Float32Array(target.buffer, target.byteOffset, count));
      return;
    }
    const isAligned = target.byteOffset % 8 === 0;
    const values =
      slice.dtype === 'F64' && isAligned ? new Float64Array(target.buffer, target.byteOffset, count) : this.#scratch.take(count);
    readRange(this.#valuesOf(slice), slice.first + from / size, count, values);
    if (slice.dtype === 'F32') new Float32Array(target.buffer, target.byteOffset, count).set(values);
    else if (!isAligned) target.set(new Uint8Array(values.buffer, values.byteOffset, target.byteLength));
  }

  /** Blocks of one slice share its recipe, slices of one parameter have equal ones. */
  #valuesOf(slice: RecipeSlice): Values {
    const last = this.#last;
    if (last?.slice.recipe === slice.recipe && last.slice.files === slice.files) return last.values;
    const values = this.#compile(slice);
    this.#last = { slice, values };
    return values;
  }

  #compile({ recipe, files, tensor }: RecipeSlice): Values {
    const key = JSON.stringify([tensor, files, recipe]);
    const values = this.#compiled.get(key) ?? compileRecipe(recipe, { reader: this.reader, files });
    this.#compiled.delete(key);
    this.#compiled.set(key, values);
    if (this.#compiled.size > maxCompiled) this.#compiled.delete(this.#compiled.keys().next().value!);
    return values;
  }
}
