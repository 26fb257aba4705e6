/** Bytes per second since the start, for progress messages. */
export class Throughput {
  readonly #started = performance.now();

  /** @returns the mean rate, given all bytes done so far; 0 at the very start. */
  add(doneBytes: number): number {
    const seconds = (performance.now() - this.#started) / 1000;
    return seconds > 0 ? doneBytes / seconds : 0;
  }
}
