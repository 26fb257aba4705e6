import type { ByteSource } from '../../src/checkpoint/byteSource.js';

/** Bytes in memory as a source; `bytesRead` counts what was asked for. */
export class MemoryByteSource implements ByteSource {
  bytesRead = 0;

  constructor(
    private readonly bytes: Uint8Array,
    readonly name = 'memory.safetensors',
  ) {}

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  read(start: number, end: number): Promise<Uint8Array> {
    if (!(start >= 0 && start <= end && end <= this.byteLength)) {
      return Promise.reject(new RangeError(`${this.name}: bytes ${start} to ${end} are outside`));
    }
    this.bytesRead += end - start;
    return Promise.resolve(this.bytes.subarray(start, end));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
