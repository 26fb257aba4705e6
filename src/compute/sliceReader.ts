import { FileReader } from './fileReader.js';
import type { Recipe } from '../model/recipe/index.js';
import { compileRecipe, RecipeReader, type Values } from './recipe/index.js';
import type { FileVersion, ValueSlice } from './task.js';

/** What the tasks of a worker get their bytes from. */
export interface SliceSource {
  /** Fills `target` with the slice's bytes, or a part of them from byte `from` on. @throws FileReadError, FormatError */
  read(slice: ValueSlice, target: Uint8Array, from?: number): void;
}

/** Slices of stored tensors straight from their files, all others computed. */
export class SliceReader implements SliceSource {
  readonly #files: FileReader;
  readonly #recipes: RecipeReader;

  /** @param maxOpenFiles files that stay open for further slices */
  constructor(maxOpenFiles?: number) {
    this.#files = new FileReader(maxOpenFiles);
    this.#recipes = new RecipeReader(this.#files);
  }

  read(slice: ValueSlice, target: Uint8Array, from = 0): void {
    if ('recipe' in slice) this.#recipes.read(slice, target, from);
    else this.#files.read(slice, target, from);
  }

  /** Values of a recipe, to be read area by area. @param files by the tensors' `shard` @throws FileReadError */
  compile(recipe: Recipe, files: Readonly<Record<number, FileVersion>>): Values {
    return compileRecipe(recipe, { reader: this.#files, files });
  }
}
