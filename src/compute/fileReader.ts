import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { modifiedAtOf } from '../checkpoint/index.js';
import type { FileVersion, TensorSlice } from './task.js';

/** Thrown when a file is not what it was when the job was planned, or cannot be read. */
export class FileReadError extends Error {
  override readonly name = 'FileReadError';
}

/**
 * Reads tensor slices straight into the kernels' memory. Synchronous on purpose: a worker has nothing else to do, and
 * `readSync` into WebAssembly memory avoids every copy (docs/decisions.md, "Reading").
 */
export class FileReader {
  readonly #descriptors = new Map<string, number>();

  /** Fills `target` with the slice's bytes. */
  read(slice: TensorSlice, target: Uint8Array): void {
    const descriptor = this.#open(slice.file);
    let filled = 0;
    while (filled < slice.byteLength) {
      const got = readSync(descriptor, target, filled, slice.byteLength - filled, slice.start + filled);
      if (got === 0) throw shrunk(slice, filled);
      filled += got;
    }
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
    this.#descriptors.clear();
  }

  #open(file: FileVersion): number {
    const known = this.#descriptors.get(file.path);
    if (known !== undefined) return known;
    const descriptor = openChecked(file);
    this.#descriptors.set(file.path, descriptor);
    return descriptor;
  }
}

function openChecked(file: FileVersion): number {
  let descriptor: number;
  try {
    descriptor = openSync(file.path, 'r');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileReadError(`${file.path}: cannot be read any more (${reason}). Put the file back or open the checkpoint again.`);
  }
  const stats = fstatSync(descriptor, { bigint: true });
  const [size, modifiedAt] = [Number(stats.size), modifiedAtOf(stats)];
  if (size === file.byteLength && modifiedAt === file.modifiedAt) return descriptor;
  closeSync(descriptor);
  throw new FileReadError(
    `${file.path}: changed while it was being read. Expected ${file.byteLength} bytes last modified ${time(file.modifiedAt)}, ` +
      `found ${size} bytes last modified ${time(modifiedAt)}. Wait until the file is complete and run again.`,
  );
}

function shrunk(slice: TensorSlice, filled: number): FileReadError {
  return new FileReadError(
    `${slice.file.path} (tensor "${slice.tensor}"): shrank while it was being read. Expected ${slice.byteLength} bytes at byte ` +
      `${slice.start}, found ${filled}. Wait until the file is complete and run again.`,
  );
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
