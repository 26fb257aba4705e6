import { closeSync } from 'node:fs';

/**
 * Descriptors of the files that a thread works on, at most `limit`: for one more, the file that was not used for the longest
 * time is closed. A checkpoint may have more shards than a process may have open files.
 */
export class OpenFiles {
  /** In the order of their last use. */
  readonly #descriptors = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** @returns the file's descriptor, from `open` where it has none; good until the next call */
  use(path: string, open: () => number): number {
    const descriptor = this.#take(path) ?? this.#openAnother(open);
    this.#descriptors.set(path, descriptor);
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
    this.#descriptors.clear();
  }

  #take(path: string): number | undefined {
    const descriptor = this.#descriptors.get(path);
    this.#descriptors.delete(path);
    return descriptor;
  }

  #openAnother(open: () => number): number {
    for (const [path, descriptor] of this.#descriptors) {
      if (this.#descriptors.size < this.limit) break;
      this.#descriptors.delete(path);
      closeSync(descriptor);
    }
    return open();
  }
}
