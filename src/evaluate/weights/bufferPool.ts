/** A buffer is given out for no less than this share of its size: the rest would only take room. */
const leastUse = 0.25;

/**
 * Buffers that are used again: fresh memory costs a page fault for every 4 KiB, which is a fifth of a pass, and what is
 * let go of stays in memory until JavaScript looks for it.
 */
export class BufferPool {
  readonly #free: ArrayBuffer[] = [];

  /** @returns a buffer of at least `byteLength` bytes, with whatever was in it */
  take(byteLength: number): ArrayBuffer {
    const fits = this.#free.map((buffer, index) => ({ size: buffer.byteLength, index })).filter(({ size }) => size >= byteLength);
    const best = fits.reduce<(typeof fits)[number] | null>((least, fit) => (least && least.size <= fit.size ? least : fit), null);
    if (best !== null && byteLength >= leastUse * best.size) return this.#free.splice(best.index, 1)[0]!;
    return new ArrayBuffer(byteLength);
  }

  give(buffers: Iterable<ArrayBuffer>): void {
    for (const buffer of buffers) this.#free.push(buffer);
  }

  /** Lets go of the buffers that nobody uses. */
  clear(): void {
    this.#free.length = 0;
  }
}
