import { FileAccessError } from './formatError.js';

interface Cause {
  readonly problem: string;
  readonly remedy: string;
}

const causes: ReadonlyMap<string, Cause> = new Map([
  ['ENOENT', { problem: 'no such file or folder', remedy: 'Check the path; a link may point to something that was moved or deleted.' }],
  ['ENOTDIR', { problem: 'no such file or folder', remedy: 'Check the path: a part of it is a file, not a folder.' }],
  ['EISDIR', { problem: 'it is a folder', remedy: 'Name a file.' }],
  ['EACCES', { problem: 'permission denied', remedy: 'Give your user read permission and try again.' }],
  ['EPERM', { problem: 'permission denied', remedy: 'Give your user read permission and try again.' }],
  ['ELOOP', { problem: 'symbolic links lead in a circle', remedy: 'Correct the links so that they end at a file.' }],
  ['EMFILE', { problem: 'too many open files', remedy: 'Close other programs or raise the limit (ulimit -n).' }],
  ['ENAMETOOLONG', { problem: 'the path is too long', remedy: 'Check the path.' }],
]);

/** A system error as a `FileAccessError` that says what to do; any other error unchanged. */
export function toAccessError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === null) return error;
  const cause = causes.get(code) ?? { problem: `cannot be read (${code})`, remedy: 'Check the disk and the path, then try again.' };
  return new FileAccessError({ file: path, ...cause }, { cause: error });
}

function systemCode(error: unknown): string | null {
  const isSystemError = error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string';
  return isSystemError ? (error.code as string) : null;
}
