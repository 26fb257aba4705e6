import { createXXHash128, type IHasher } from 'hash-wasm';

/** Longest piece that is hashed at once: tensors are hashed in pieces of this size, the last one shorter. */
export const hashChunkByteLength = 1024 * 1024;

/** Bytes of one hash. */
export const hashByteLength = 16;

/** XXH3-128 with seed 0: fast, not cryptographic. It tells damage from intact data, not forgeries. */
export class Hasher {
  private constructor(private readonly algorithm: IHasher) {}

  static async create(): Promise<Hasher> {
    return new Hasher(await createXXHash128());
  }

  /** @returns the 16 bytes in canonical order (big-endian: read as hexadecimal, the usual notation). */
  hash(bytes: Uint8Array): Uint8Array {
    this.begin();
    this.add(bytes);
    return this.end();
  }

  /** Starts a hash of bytes that come in pieces. */
  begin(): void {
    this.algorithm.init();
  }

  add(bytes: Uint8Array): void {
    this.algorithm.update(bytes);
  }

  /** The hash of everything added since `begin`, as from `hash`. */
  end(): Uint8Array {
    return this.algorithm.digest('binary');
  }

  hex(bytes: Uint8Array): string {
    return Buffer.from(this.hash(bytes)).toString('hex');
  }
}
