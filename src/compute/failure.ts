import { FileReadError } from './fileReader.js';
import { DiskFullError, FileWriteError } from './fileWriter.js';
import type { TaskFailure } from './task.js';

/** An error in a form that crosses threads. */
export function describeFailure(error: unknown): TaskFailure {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };
}

/** Errors about files stay what they are, so that callers can tell bad input from a bug; all others become an `Other`. */
export function reviveFailure({ name, message }: TaskFailure, Other: new (message: string) => Error): Error {
  switch (name) {
    case 'FileReadError':
      return new FileReadError(message);
    case 'FileWriteError':
      return new FileWriteError(message);
    case 'DiskFullError':
      return new DiskFullError(message);
    default:
      return new Other(message);
  }
}
