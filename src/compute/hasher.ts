import * as at from './simd/combineMemory.js';
import { instantiateKernels, type KernelExports } from './simd/kernelModule.js';

/** Longest piece that is hashed at once: tensors are hashed in pieces of this size, the last one shorter. */
export const hashChunkByteLength = 1024 * 1024;

/** Bytes of one hash. */
export const hashByteLength = 16;

/** The default secret of XXH3, which the kernels expect in their memory. */
const secret = Buffer.from(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
    '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea' +
    'c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
  'hex',
);

/** XXH3-128 with seed 0: fast, not cryptographic. It tells damage from intact data, not forgeries. */
export class Hasher {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: KernelExports;

  /** A memory of its own, or that of other kernels: bytes that lie in it are hashed where they are. */
  constructor(memory = at.allocateCombineMemory(), kernels = instantiateKernels(memory)) {
    this.#memory = memory;
    this.#kernels = kernels;
    new Uint8Array(memory.buffer).set(secret, at.hashSecretAddress);
  }

  /** @returns the 16 bytes in canonical order (big-endian: read as hexadecimal, the usual notation). */
  hash(bytes: Uint8Array): Uint8Array {
    this.begin();
    this.add(bytes);
    return this.end();
  }

  /** Starts a hash of bytes that come in pieces. */
  begin(): void {
    this.#kernels.beginHash();
  }

  add(bytes: Uint8Array): void {
    if (bytes.buffer === this.#memory.buffer) this.#kernels.addToHash(bytes.byteOffset, bytes.byteLength);
    else
      for (let first = 0; first < bytes.byteLength; first += at.scratchByteLength)
        this.#addCopy(bytes.subarray(first, first + at.scratchByteLength));
  }

  /** The hash of everything added since `begin`, as from `hash`. */
  end(): Uint8Array {
    this.#kernels.endHash();
    return new Uint8Array(this.#memory.buffer).slice(at.hashAddress, at.hashAddress + hashByteLength);
  }

  hex(bytes: Uint8Array): string {
    return Buffer.from(this.hash(bytes)).toString('hex');
  }

  #addCopy(bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(bytes, at.scratchAddress);
    this.#kernels.addToHash(at.scratchAddress, bytes.byteLength);
  }
}
