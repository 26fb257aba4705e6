import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from './byteSource.js';
import { toAccessError } from '../base/fileAccess.js';
import { modifiedAtOf } from '../base/modifiedAt.js';
import { becameShorter, openRegular } from '../base/readFile.js';

/** A regular file, opened once and read by position. */
export class FileByteSource implements ByteSource {
  private constructor(
    readonly name: string,
    readonly byteLength: number,
    /** `device:inode`, see `Shard.identity`. */
    readonly identity: string,
    /** Milliseconds since 1970. */
    readonly modifiedAt: number,
    private readonly handle: FileHandle,
  ) {}

  /** @throws FileAccessError when the file is missing, may not be read, or is not a regular file. */
  static async open(path: string, signal?: AbortSignal): Promise<FileByteSource> {
    signal?.throwIfAborted();
    const handle = await openRegular(path);
    return FileByteSource.describe(path, handle).catch((error: unknown) => {
      throw toAccessError(path, error);
    });
  }

  private static async describe(path: string, handle: FileHandle): Promise<FileByteSource> {
    try {
      const stats = await handle.stat({ bigint: true });
      return new FileByteSource(path, Number(stats.size), `${stats.dev}:${stats.ino}`, modifiedAtOf(stats), handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (!(start >= 0 && start <= end && end <= this.byteLength)) {
      throw new RangeError(`${this.name}: bytes ${start} to ${end} are outside the file of ${this.byteLength} bytes`);
    }
    const bytes = new Uint8Array(end - start);
    for (let filled = 0; filled < bytes.byteLength;) {
      signal?.throwIfAborted();
      filled += await this.readSome(bytes, filled, start + filled);
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async readSome(into: Uint8Array, offset: number, position: number): Promise<number> {
    const { bytesRead } = await this.handle.read(into, offset, into.byteLength - offset, position).catch((error: unknown) => {
      throw toAccessError(this.name, error);
    });
    if (bytesRead > 0) return bytesRead;
    throw becameShorter(this.name, this.byteLength, position);
  }
}
