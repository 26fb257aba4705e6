/** Buffers that are used again: fresh memory costs a page fault for every 4 KiB, which is a fifth of a pass. */
export class BufferPool<Buffer extends ArrayBufferLike> {
  readonly #free: Buffer[] = [];

  constructor(private readonly allocate: (byteLength: number) => Buffer) {}

  /** @returns a buffer of at least `byteLength` bytes, with whatever was in it */
  take(byteLength: number): Buffer {
    const fits = this.#free.map((buffer, index) => ({ size: buffer.byteLength, index })).filter(({ size }) => size >= byteLength);
    const best = fits.reduce<(typeof fits)[number] | null>((least, fit) => (least && least.size <= fit.size ? least : fit), null);
    if (best !== null && best.size <= 2 * byteLength) return this.#free.splice(best.index, 1)[0]!;
    return this.allocate(byteLength);
  }

  give(buffers: Iterable<Buffer>): void {
    this.#free.push(...buffers);
  }

  /** Lets go of the buffers that nobody uses: the next stage needs other sizes. */
  clear(): void {
    this.#free.length = 0;
  }
}
