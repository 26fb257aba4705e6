import { constants as bufferLimits } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { open, readlink, stat, type FileHandle } from 'node:fs/promises';
import { isMissing, systemCode, toAccessError } from './fileAccess.js';
import { formatBytes } from './format.js';
import { FileAccessError } from './formatError.js';

/** Limit for what people and libraries write by hand or in one piece: settings, templates, licences, lineages. */
export const maxSettingsBytes = 64 * 1024 * 1024;
/** Limit for what grows with a model: tokenizers, indices, manifests, reports, tasks. What a JavaScript string can hold. */
export const maxTextBytes = bufferLimits.MAX_STRING_LENGTH;

export interface ReadOptions {
  /** Larger files are refused; `maxSettingsBytes` by default. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

const pieceByteLength = 4 * 1024 * 1024;
/**
 * Flags for opening a file to read it. A pipe whose other end nobody opens would be waited for without them; Windows has no such
 * flag, and no such pipes among its files.
 */
export const readFlags = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/**
 * The bytes of a regular file. Links are followed; pipes, devices and sockets are refused unopened, since their reading has effects
 * or no end.
 * @throws FileAccessError that says what to do; the signal's reason as soon as it is aborted, even while a disk hangs
 */
export function readBytes(path: string, options: ReadOptions = {}): Promise<Buffer> {
  return untilAborted(readWhole(path, options), options.signal);
}

/**
 * The bytes of a regular file, null where there is nothing of that name. What is there and cannot be read is an error, a link to
 * nothing included: it stands for a file that was not downloaded.
 * @throws as `readBytes`
 */
export async function readBytesIfPresent(path: string, options: ReadOptions = {}): Promise<Buffer | null> {
  try {
    return await readBytes(path, options);
  } catch (error) {
    if (isMissing(error) && !(error instanceof DanglingLinkError)) return null;
    throw error;
  }
}

/** As `readBytes`, decoded as UTF-8. */
export async function readText(path: string, options: ReadOptions = {}): Promise<string> {
  return (await readBytes(path, options)).toString('utf8');
}

/** As `readBytesIfPresent`, decoded as UTF-8. */
export async function readTextIfPresent(path: string, options: ReadOptions = {}): Promise<string | null> {
  return (await readBytesIfPresent(path, options))?.toString('utf8') ?? null;
}

/**
 * Opens a regular file for reading, without ever waiting for another process. The caller closes it.
 * @throws FileAccessError
 */
export async function openRegular(path: string): Promise<FileHandle> {
  try {
    requireRegular(path, await stat(path));
    const handle = await open(path, readFlags);
    return await requireOpenRegular(path, handle);
  } catch (error) {
    throw await describe(path, error);
  }
}

/** What has the name may be another thing than a moment ago. */
async function requireOpenRegular(path: string, handle: FileHandle): Promise<FileHandle> {
  try {
    requireRegular(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readWhole(path: string, { maxBytes = maxSettingsBytes, signal }: ReadOptions): Promise<Buffer> {
  signal?.throwIfAborted();
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    return await fill(path, handle, Buffer.allocUnsafe(size), signal);
  } catch (error) {
    throw toAccessError(path, error);
  } finally {
    await handle.close();
  }
}

async function fill(path: string, handle: FileHandle, bytes: Buffer, signal: AbortSignal | undefined): Promise<Buffer> {
  for (let filled = 0; filled < bytes.byteLength;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, Math.min(pieceByteLength, bytes.byteLength - filled), filled);
    if (bytesRead === 0) throw becameShorter(path, bytes.byteLength, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** @throws FileAccessError when what was found is no regular file */
function requireRegular(path: string, stats: Pick<Stats, 'isFile' | 'isDirectory'>): void {
  if (stats.isFile()) return;
  if (stats.isDirectory())
    throw new FileAccessError({ file: path, problem: 'it is a folder', remedy: 'Name a file, or put one in its place.' });
  throw new FileAccessError({
    file: path,
    problem: 'not a regular file',
    actual: 'a device, pipe or socket',
    remedy: 'Name a plain file, or put one (or a link to one) in its place.',
  });
}

function tooLarge(path: string, size: number, maxBytes: number): FileAccessError {
  return new FileAccessError({
    file: path,
    problem: 'the file is too large to be what its name says',
    expected: `at most ${formatBytes(maxBytes)}`,
    actual: formatBytes(size),
    remedy: 'Check that it is the right file, and download or save it again.',
  });
}

/** The error for a file that lost bytes since it was opened. */
export function becameShorter(path: string, expected: number, actual: number): FileAccessError {
  return new FileAccessError({
    file: path,
    problem: 'file became shorter while it was read',
    expected: `${expected} bytes`,
    actual: `${actual} bytes`,
    remedy: 'Wait until whatever writes the file has finished, then try again.',
  });
}

/** Downloads that keep files elsewhere (the Hub's cache, git-annex, DVC) leave links to what was not fetched. */
async function describe(path: string, error: unknown): Promise<unknown> {
  const target = systemCode(error) === 'ENOENT' ? await readlink(path).catch(() => null) : null;
  if (target === null) return toAccessError(path, error);
  const problem = 'it is a link to a file that is not there';
  const remedy = 'Fetch that file (finish the download, git annex get, dvc pull), or remove the link.';
  return new DanglingLinkError({ file: path, problem, actual: `a link to ${target}`, remedy }, { cause: error });
}

/** Something of that name is there, so nobody may go on as if the file were absent. */
class DanglingLinkError extends FileAccessError {}

/** Nothing ends a read from a disk that hangs, so a cancelled caller does not wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop!);
  }
}
