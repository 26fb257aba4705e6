import { FileAccessError } from './formatError.js';

interface Cause {
  readonly problem: string;
  readonly remedy: string;
}

const tooManyFiles: Cause = {
  problem: 'too many open files',
  remedy: 'Close other programs or raise the limit (ulimit -n), then try again.',
};
const diskError: Cause = {
  problem: 'the disk reported an error (EIO)',
  remedy: 'Check the disk, its cable or its network connection, then try again.',
};
const staleHandle: Cause = { problem: 'the network file system lost it (ESTALE)', remedy: 'Check the mount, then try again.' };

const causes: ReadonlyMap<string, Cause> = new Map([
  ['ENOENT', { problem: 'no such file or folder', remedy: 'Check the path; a link may point to something that was moved or deleted.' }],
  ['ENOTDIR', { problem: 'no such file or folder', remedy: 'Check the path: a part of it is a file, not a folder.' }],
  ['EISDIR', { problem: 'it is a folder', remedy: 'Name a file.' }],
  ['EACCES', { problem: 'permission denied', remedy: 'Give your user read permission and try again.' }],
  ['EPERM', { problem: 'permission denied', remedy: 'Give your user read permission and try again.' }],
  ['ELOOP', { problem: 'symbolic links lead in a circle', remedy: 'Correct the links so that they end at a file.' }],
  ['EMFILE', tooManyFiles],
  ['ENFILE', tooManyFiles],
  ['EIO', diskError],
  ['ESTALE', staleHandle],
  ['ENAMETOOLONG', { problem: 'the path is too long', remedy: 'Check the path.' }],
]);

const elsewhere = 'or choose another place to write to';
const notWritable: Cause = {
  problem: 'permission denied',
  remedy: `Give your user write permission there (for the file and for its folder), ${elsewhere}.`,
};
const inTheWay: Cause = {
  problem: 'something of that name is in the way',
  remedy: 'Remove or rename it yourself if it is not needed, or choose another name.',
};
const inUse: Cause = { problem: 'another program uses it', remedy: 'Close the program that has it open, then try again.' };

/** What is told otherwise where something was to be written. */
const writeCauses: ReadonlyMap<string, Cause> = new Map([
  ['EACCES', notWritable],
  ['EPERM', notWritable],
  ['ENOENT', { problem: 'its folder is not there, or it was removed or renamed meanwhile', remedy: `Check the path, ${elsewhere}.` }],
  ['EISDIR', inTheWay],
  ['EEXIST', inTheWay],
  ['ENOTEMPTY', inTheWay],
  ['ENOSPC', { problem: 'no space is left on the disk', remedy: `Free some space, ${elsewhere}.` }],
  ['EDQUOT', { problem: 'your quota of disk space is used up', remedy: `Free some space, ${elsewhere}.` }],
  ['EFBIG', { problem: 'the file system does not take files of that size', remedy: `Write smaller files, ${elsewhere}.` }],
  ['EROFS', { problem: 'the file system is read-only', remedy: `Mount it for writing, ${elsewhere}.` }],
  [
    'EXDEV',
    { problem: 'the two names lie on different disks', remedy: 'Choose a place whose folder is no mount point or link of its own.' },
  ],
  ['EINVAL', { problem: 'the file system does not take that name or operation', remedy: `Choose another name, ${elsewhere}.` }],
  ['EBUSY', inUse],
  ['ETXTBSY', inUse],
]);

function causeOf(code: string, writes: boolean): Cause | undefined {
  return (writes ? writeCauses.get(code) : undefined) ?? causes.get(code);
}

/** What is wrong, as a clause: `no space is left on the disk`. The message of what is no system error. */
export function problemOf(error: unknown, writes: 'reading' | 'writing'): string {
  const code = systemCode(error);
  if (code === null) return error instanceof Error ? error.message : String(error);
  return causeOf(code, writes === 'writing')?.problem ?? `the system says ${code}`;
}

/** A system error met in reading, as a `FileAccessError` that says what to do; any other error unchanged. */
export function toAccessError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === null || error instanceof FileAccessError) return error;
  const cause = causeOf(code, false) ?? { problem: `cannot be read (${code})`, remedy: 'Check the disk and the path, then try again.' };
  return new FileAccessError({ file: path, ...cause }, { cause: error });
}

/**
 * A system error met in writing, as a `FileAccessError` that says what was being done and what to do; any other error unchanged.
 * @param action what could not be done to `path`, as a participle: `written`, `removed`, `renamed to /models/out`
 */
export function toWriteError(path: string, error: unknown, action = 'written'): unknown {
  const code = systemCode(error);
  if (code === null || error instanceof FileAccessError) return error;
  const remedy = causeOf(code, true)?.remedy ?? `Check the disk and the path, ${elsewhere}.`;
  return new FileAccessError({ file: path, problem: `cannot be ${action}: ${problemOf(error, 'writing')}`, remedy }, { cause: error });
}

/** Waits for a step of writing. @throws FileAccessError in place of a system error, see `toWriteError` */
export function writing<T>(path: string, step: Promise<T>, action?: string): Promise<T> {
  return step.catch((error: unknown) => {
    throw toWriteError(path, error, action);
  });
}

/** What steps of the file system do to a file, where they write. */
const actions: ReadonlyMap<string, string> = new Map([
  ['open', 'opened'],
  ['mkdir', 'created'],
  ['mkdtemp', 'created'],
  ['write', 'written'],
  ['ftruncate', 'written'],
  ['fsync', 'written to the disk'],
  ['fdatasync', 'written to the disk'],
  ['unlink', 'removed'],
  ['rmdir', 'removed'],
  ['rm', 'removed'],
  ['rename', 'renamed'],
  ['link', 'created under another name'],
  ['copyfile', 'copied'],
  ['chmod', 'given its permissions'],
  ['utime', 'given its time'],
]);
const readingSteps: ReadonlySet<string> = new Set([
  'stat',
  'lstat',
  'fstat',
  'read',
  'scandir',
  'opendir',
  'readlink',
  'realpath',
  'access',
  'statfs',
]);

/**
 * A system error of a file that nobody has explained, in the words of `toAccessError` and `toWriteError`, by what the error
 * itself says of file and step; any other error unchanged.
 */
export function explained(error: unknown): unknown {
  if (error instanceof FileAccessError || systemCode(error) === null) return error;
  const { syscall = '', path = 'a file', dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (readingSteps.has(syscall)) return toAccessError(path, error);
  const action = actions.get(syscall);
  if (action === undefined) return error;
  return toWriteError(path, error, dest === undefined ? action : `${action} to ${dest}`);
}

/** The code of a system error (`EACCES`), or of the one that a `FileAccessError` was made of; null for other errors. */
export function systemCode(error: unknown): string | null {
  const system = error instanceof FileAccessError ? error.cause : error;
  const isSystemError = system instanceof Error && 'code' in system && 'syscall' in system && typeof system.code === 'string';
  return isSystemError ? (system.code as string) : null;
}

/** Whether an error says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What is read; null where nothing of that name is there. @throws whatever else goes wrong: what is there and cannot be read is not absent */
export async function ifPresent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
