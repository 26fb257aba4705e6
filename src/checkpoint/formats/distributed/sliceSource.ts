import type { ByteSource } from '../../byteSource.js';

/** What is read at once at both ends of a slice: small files of torch.save fit into it but for their numbers. */
const endLength = 4096;

/** Some bytes of a file as a source of their own. Both ends are read once and kept, since their many parts are asked for one by one. */
export class SliceSource implements ByteSource {
  readonly name: string;
  #head: Uint8Array | null = null;
  #tail: Uint8Array | null = null;

  constructor(
    private readonly whole: ByteSource,
    private readonly start: number,
    readonly byteLength: number,
  ) {
    this.name = `${whole.name} from byte ${start}`;
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (!(start >= 0 && start <= end && end <= this.byteLength)) throw new RangeError(`${this.name}: bytes ${start} to ${end} are outside`);
    const tailStart = Math.max(0, this.byteLength - endLength);
    if (end <= Math.min(endLength, this.byteLength)) {
      this.#head ??= await this.#readWhole(0, Math.min(endLength, this.byteLength), signal);
      return this.#head.subarray(start, end);
    }
    if (start >= tailStart) {
      this.#tail ??= await this.#readWhole(tailStart, this.byteLength, signal);
      return this.#tail.subarray(start - tailStart, end - tailStart);
    }
    return this.#readWhole(start, end, signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #readWhole(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.whole.read(this.start + start, this.start + end, signal);
  }
}
