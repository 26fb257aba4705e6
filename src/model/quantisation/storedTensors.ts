import type { Tensor } from '../../checkpoint/index.js';
import { memberOf, moduleOf } from '../names/index.js';

/** Tensors of a checkpoint that no weight accounts for yet, by name and by module. */
export class StoredTensors {
  readonly #free: Map<string, Tensor>;
  #modules: Map<string, Tensor[]> | null = null;

  /** @param contents bytes of the small tensors that state a shape, by name */
  constructor(
    tensors: readonly Tensor[],
    private readonly contents: ReadonlyMap<string, Uint8Array>,
  ) {
    this.#free = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  get(name: string): Tensor | undefined {
    return this.#free.get(name);
  }

  /** The first of some members of the module that holds a tensor. */
  beside({ name }: Tensor, ...leaves: readonly string[]): Tensor | undefined {
    const module = moduleOf(name);
    for (const leaf of leaves) {
      const found = this.#free.get(memberOf(module, leaf));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Members of a module, deeper ones left out. */
  membersOf(module: string): readonly Tensor[] {
    this.#modules ??= this.#groupByModule();
    return (this.#modules.get(module) ?? []).filter(({ name }) => this.#free.has(name));
  }

  all(): IterableIterator<Tensor> {
    return this.#free.values();
  }

  take(tensors: Iterable<Tensor>): void {
    for (const { name } of tensors) this.#free.delete(name);
  }

  /** What a small tensor holds; null when it was not read. */
  contentOf({ name }: Tensor): Uint8Array | null {
    return this.contents.get(name) ?? null;
  }

  #groupByModule(): Map<string, Tensor[]> {
    const modules = new Map<string, Tensor[]>();
    for (const tensor of this.#free.values()) {
      const members = modules.get(moduleOf(tensor.name));
      if (members === undefined) modules.set(moduleOf(tensor.name), [tensor]);
      else members.push(tensor);
    }
    return modules;
  }
}

/** The tensors among some that are there, by what they are to a formula. */
export function presentParts(parts: Readonly<Record<string, Tensor | undefined>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(parts).filter((entry): entry is [string, Tensor] => entry[1] !== undefined));
}
