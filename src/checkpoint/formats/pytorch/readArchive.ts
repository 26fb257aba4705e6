import { FormatError } from '../../../base/formatError.js';
import { inParallel } from '../../../base/inParallel.js';
import type { ByteSource } from '../../byteSource.js';
import type { Span } from '../format.js';
import { isStoredEntry, locateEntry, readEntry, readZipDirectory, type ZipDirectory, type ZipEntry } from '../zip/index.js';
import type { StorageStarts } from './placeTensors.js';
import type { SavedFile } from './savedFile.js';
import { maxPickleLength, unpickleIn } from './unpickleIn.js';

const pickleName = 'data.pkl';
const maxNoteLength = 64;

/**
 * Reads what PyTorch 1.6 and later write: a ZIP archive of a pickle, and a file of raw bytes for each storage.
 * Source: https://github.com/pytorch/pytorch/blob/main/caffe2/serialize/inline_container.h.
 * @throws FormatError
 */
export async function readArchive(source: ByteSource, signal?: AbortSignal): Promise<SavedFile> {
  const directory = await readZipDirectory(source, signal);
  const { prefix, pickle } = findPickle(source, directory);
  await requireLittleEndian(source, directory, directory.entries.get(`${prefix}byteorder`), signal);
  const root = unpickleIn(source.name, await readEntry(source, directory, pickle, maxPickleLength, signal)).value;
  return {
    root,
    locate: async (storages) => {
      const found = await inParallel(
        storages,
        async ({ key }) => [key, await locateStorage(source, directory, `${prefix}data/${key}`, signal)] as const,
      );
      return new Map(found.flatMap(([key, place]) => (place === null ? [] : [[key, place]]))) satisfies StorageStarts;
    },
    findings: [],
  };
}

/** The directory has a checksum of every storage; the pickle says what they are. */
export async function archiveSpans(source: ByteSource, signal?: AbortSignal): Promise<readonly Span[]> {
  const directory = await readZipDirectory(source, signal);
  return [await locateEntry(source, directory, findPickle(source, directory).pickle, signal), directory.span];
}

function findPickle(source: ByteSource, { entries }: ZipDirectory): { readonly prefix: string; readonly pickle: ZipEntry } {
  const refuse = (problem: string, remedy: string): never => {
    throw new FormatError({ file: source.name, problem, remedy });
  };
  const found = [...entries.values()].filter(({ name }) => name === pickleName || name.endsWith(`/${pickleName}`));
  const [pickle] = found;
  if (pickle === undefined)
    return refuse('a ZIP archive, but none that PyTorch wrote: it has no data.pkl', 'Unpack it, or name the file that holds the weights.');
  if (found.length > 1) refuse(`the archive holds ${found.length} files of PyTorch`, 'Unpack it and name one of them.');
  const prefix = pickle.name.slice(0, -pickleName.length);
  if (entries.has(`${prefix}constants.pkl`))
    refuse('a TorchScript program, not a dictionary of tensors', 'Save its weights: torch.save(torch.jit.load(FILE).state_dict(), FILE).');
  return { prefix, pickle };
}

async function requireLittleEndian(
  source: ByteSource,
  directory: ZipDirectory,
  entry: ZipEntry | undefined,
  signal?: AbortSignal,
): Promise<void> {
  if (entry === undefined) return;
  const order = Buffer.from(await readEntry(source, directory, entry, maxNoteLength, signal)).toString('latin1');
  if (order !== 'little') throw bigEndian(source.name, order);
}

export function bigEndian(file: string, found: string): FormatError {
  return new FormatError({
    file,
    problem: 'its numbers are not stored in little-endian order',
    expected: 'little',
    actual: found.slice(0, 20),
    remedy: 'Load it with PyTorch on any machine and save it again there as safetensors.',
  });
}

async function locateStorage(
  source: ByteSource,
  directory: ZipDirectory,
  name: string,
  signal?: AbortSignal,
): Promise<{ readonly start: number; readonly byteLength: number } | null> {
  const entry = directory.entries.get(name);
  if (entry === undefined) return null;
  if (!isStoredEntry(entry))
    throw new FormatError({
      file: source.name,
      problem: `the archive is compressed (${JSON.stringify(name.slice(0, 80))}), so its values cannot be read in place`,
      remedy: 'Save it again with torch.save, or as safetensors.',
    });
  const [start, end] = await locateEntry(source, directory, entry, signal);
  return { start, byteLength: end - start };
}
