import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { OpenFiles } from './openFiles.js';
import type { FileVersion, TensorSlice } from './task.js';
import { modifiedAtOf } from '../base/modifiedAt.js';
import { problemOf } from '../base/fileAccess.js';
import { quoteName } from '../base/formatError.js';
import { readFlags } from '../base/readFile.js';

/** Most bytes asked of the system at once: it gives no more than 2 GiB. */
const mostAtOnce = 2 ** 30;

/** Thrown when a file is not what it was when the job was planned, or cannot be read. */
export class FileReadError extends Error {
  override readonly name = 'FileReadError';
}

/**
 * Reads tensor slices straight into the kernels' memory. Synchronous on purpose: a worker has nothing else to do, and
 * `readSync` into WebAssembly memory avoids every copy (docs/decisions.md, "Reading").
 */
export class FileReader {
  readonly #files: OpenFiles;

  /** @param maxOpenFiles files that stay open for further slices */
  constructor(maxOpenFiles = 16) {
    this.#files = new OpenFiles(maxOpenFiles);
  }

  /** Fills `target` with the slice's bytes, or a part of them from byte `from` on. */
  read(slice: TensorSlice, target: Uint8Array, from = 0): void {
    const descriptor = this.#files.use(slice.file.path, () => openChecked(slice));
    for (let filled = 0; filled < target.byteLength;) {
      const got = readSome(descriptor, slice, target, filled, from);
      if (got === 0) throw shrunk(slice, from + filled);
      filled += got;
    }
  }

  close(): void {
    this.#files.close();
  }
}

function openChecked(slice: TensorSlice): number {
  const descriptor = reading(slice, () => openSync(slice.file.path, readFlags));
  const stats = fstatSync(descriptor, { bigint: true });
  const found = { byteLength: Number(stats.size), modifiedAt: modifiedAtOf(stats) };
  if (found.byteLength === slice.file.byteLength && found.modifiedAt === slice.file.modifiedAt) return descriptor;
  closeSync(descriptor);
  throw new FileReadError(`${placeOf(slice)}: changed while it was being read. ${describeChange(slice.file, found)}`);
}

function readSome(descriptor: number, slice: TensorSlice, target: Uint8Array, filled: number, from: number): number {
  const length = Math.min(target.byteLength - filled, mostAtOnce);
  return reading(slice, () => readSync(descriptor, target, filled, length, slice.start + from + filled));
}

/** Gives an error of the system the place where it struck. */
function reading<Result>(slice: TensorSlice, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const problem = problemOf(error, 'reading');
    throw new FileReadError(
      `${placeOf(slice)}: cannot be read any more: ${problem}. Check that the file is there and readable, then run again.`,
      { cause: error },
    );
  }
}

function shrunk(slice: TensorSlice, filled: number): FileReadError {
  return new FileReadError(
    `${placeOf(slice)}: shrank while it was being read. Expected ${slice.byteLength} bytes at byte ${slice.start}, found ${filled}. ${remedy}`,
  );
}

function placeOf({ file, tensor }: TensorSlice): string {
  return `${file.path} (tensor ${quoteName(tensor)})`;
}

const remedy = 'Wait until the file is complete and run again.';

/** What a changed file was and is, and what to do about it. */
export function describeChange(expected: Omit<FileVersion, 'path'>, found: Omit<FileVersion, 'path'>): string {
  return `Expected ${describeVersion(expected)}, found ${describeVersion(found)}. ${remedy}`;
}

function describeVersion({ byteLength, modifiedAt }: Omit<FileVersion, 'path'>): string {
  return `${byteLength} bytes last modified ${new Date(modifiedAt).toISOString()}`;
}
