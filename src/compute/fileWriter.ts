import { openSync, writeSync } from 'node:fs';
import { problemOf, systemCode } from '../base/fileAccess.js';
import { OpenFiles } from './openFiles.js';

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
  return error instanceof DiskFullError || fullDiskCodes.includes(systemCode(error));
}

/** Any system error as a `FileWriteError` that names the file. */
export function toWriteError(path: string, error: unknown): Error {
  const problem = problemOf(error, 'writing');
  if (isDiskFull(error)) return new DiskFullError(`${path}: the disk is full (${problem}).`);
  return new FileWriteError(`${path}: cannot be written: ${problem}. Check the disk and its permissions, then resume.`);
}

/**
 * Writes ranges of files that exist already. The last ones stay open until the thread ends, which closes them: an output's
 * chunks come in order, so more would not be used again.
 * @throws FileWriteError, DiskFullError
 */
export class FileWriter {
  readonly #files = new OpenFiles(2);

  write(path: string, bytes: Uint8Array, start: number): void {
    try {
      const descriptor = this.#files.use(path, () => openSync(path, 'r+'));
      for (let done = 0; done < bytes.byteLength;) done += writeSync(descriptor, bytes, done, bytes.byteLength - done, start + done);
    } catch (error) {
      throw toWriteError(path, error);
    }
  }
}
