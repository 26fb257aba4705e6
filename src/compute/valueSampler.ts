import type { Checkpoint } from '../checkpoint/index.js';
import { tensorsOf, type Recipe } from '../model/recipe/index.js';
import { FileReader } from './fileReader.js';
import { RecipeReader } from './recipe/index.js';
import type { FileVersion, TensorSlice } from './task.js';

/** Reads a few values of recipes where it is called, and counts what that takes. For samples: it blocks its thread. */
export class ValueSampler {
  readonly #files = new CountingReader(4);
  readonly #recipes = new RecipeReader(this.#files);

  /** Bytes read from files so far. */
  get byteLength(): number {
    return this.#files.byteLength;
  }

  /**
   * Values `[first, first + count)` of a recipe over a checkpoint's tensors.
   * @param name of the parameter, for messages
   * @throws FileReadError, FormatError
   */
  read({ shards }: Pick<Checkpoint, 'shards'>, recipe: Recipe, name: string, first: number, count: number): Float64Array {
    const files: Record<number, FileVersion> = {};
    for (const { shard } of tensorsOf(recipe)) files[shard] ??= shards[shard]!;
    const values = new Float64Array(count);
    const slice = { recipe, files, tensor: name, dtype: 'F64', first, byteLength: values.byteLength } as const;
    this.#recipes.read(slice, new Uint8Array(values.buffer));
    return values;
  }

  close(): void {
    this.#files.close();
  }
}

class CountingReader extends FileReader {
  byteLength = 0;

  override read(slice: TensorSlice, target: Uint8Array, from?: number): void {
    super.read(slice, target, from);
    this.byteLength += target.byteLength;
  }
}
