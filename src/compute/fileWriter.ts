import { openSync, writeSync } from 'node:fs';

/** An output file cannot be written. */
export class FileWriteError extends Error {
  override readonly name: string = 'FileWriteError';
}

/** The disk, or the user's share of it, is full. */
export class DiskFullError extends FileWriteError {
  override readonly name = 'DiskFullError';
}

const fullDiskCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** Whether something failed for want of room: a system error, or a worker's `DiskFullError`. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof DiskFullError || (error instanceof Error && 'code' in error && fullDiskCodes.includes(error.code));
}

/** Any system error as a `FileWriteError` that names the file. */
export function toWriteError(path: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) return new DiskFullError(`${path}: the disk is full (${message}).`);
  return new FileWriteError(`${path}: cannot be written (${message}). Check the disk and its permissions, then resume.`);
}

/**
 * Writes ranges of files that exist already. Descriptors are kept until the thread ends, which closes them.
 * @throws FileWriteError, DiskFullError
 */
export class FileWriter {
  readonly #descriptors = new Map<string, number>();

  write(path: string, bytes: Uint8Array, start: number): void {
    try {
      const descriptor = this.#open(path);
      for (let done = 0; done < bytes.byteLength;) done += writeSync(descriptor, bytes, done, bytes.byteLength - done, start + done);
    } catch (error) {
      throw toWriteError(path, error);
    }
  }

  #open(path: string): number {
    const known = this.#descriptors.get(path);
    if (known !== undefined) return known;
    const descriptor = openSync(path, 'r+');
    this.#descriptors.set(path, descriptor);
    return descriptor;
  }
}
