import { FormatError } from '../../../base/formatError.js';
import { inParallel } from '../../../base/inParallel.js';
import { nameList } from '../../../base/nameList.js';
import type { ByteSource } from '../../byteSource.js';
import type { Finding } from '../../finding.js';
import { foreignFile } from '../foreignFile.js';
import type { FileContents, FileTensor, FileView, Format } from '../format.js';
import { isStoredEntry, locateEntry, readZipDirectory, type ZipDirectory, type ZipEntry } from '../zip/index.js';
import { npyHeaderLength, npyMagic, npyPrefixLength, parseNpyHeader, type NpyHeader } from './npyHeader.js';

/** Arrays of NumPy: one (`.npy`), or several in a ZIP archive (`.npz`), as MLX writes them too. */
export const numpy: Format = {
  id: 'numpy',
  name: 'NumPy',
  suffixes: ['.npz', '.npy'],
  recognises: (start) => isArray(start) || isArchive(start),
  read: async (source, signal) => {
    const start = await source.read(0, Math.min(npyPrefixLength, source.byteLength), signal);
    if (isArchive(start)) return readArrays(source, signal);
    if (isArray(start)) return readOneArray(source, signal);
    const unknown = { file: source.name, problem: 'not a NumPy file', expected: expectation.content, remedy: 'Name a file of weights.' };
    throw foreignFile(source.name, start, expectation) ?? new FormatError(unknown);
  },
  descriptionSpans: async (source, signal) => {
    const start = await source.read(0, Math.min(npyPrefixLength, source.byteLength), signal);
    return isArchive(start) ? [(await readZipDirectory(source, signal)).span] : [[0, npyHeaderLength(source.name, start, 0)]];
  },
};

const expectation = { format: 'NumPy', content: 'an array, or a ZIP archive of arrays', name: 'a file of weights' };

function isArray(start: Uint8Array): boolean {
  return Buffer.from(start).toString('latin1').startsWith(npyMagic);
}

function isArchive(start: Uint8Array): boolean {
  return Buffer.from(start).toString('latin1').startsWith('PK\x03\x04');
}

/** Where an array lies, its header included. */
interface ArrayPlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

async function readOneArray(source: ByteSource, signal?: AbortSignal): Promise<FileContents> {
  const place = { name: 'array', start: 0, end: source.byteLength };
  return contentsOf(source, [{ place, header: await readNpyHeader(source, place, signal) }]);
}

async function readArrays(source: ByteSource, signal?: AbortSignal): Promise<FileContents> {
  const directory = await readZipDirectory(source, signal);
  const entries = [...directory.entries.values()].filter(({ name }) => name.endsWith('.npy'));
  if (entries.length === 0)
    throw new FormatError({
      file: source.name,
      problem: 'a ZIP archive without arrays',
      expected: 'files that end in .npy',
      remedy: 'Name a file of weights.',
    });
  const arrays = await inParallel(entries, async (entry) => {
    const place = await locateArray(source, directory, entry, signal);
    return { place, header: await readNpyHeader(source, place, signal) };
  });
  return contentsOf(source, arrays);
}

async function locateArray(source: ByteSource, directory: ZipDirectory, entry: ZipEntry, signal?: AbortSignal): Promise<ArrayPlace> {
  const name = entry.name.slice(0, -'.npy'.length);
  if (!isStoredEntry(entry))
    throw new FormatError({
      file: source.name,
      tensor: name,
      problem: 'the archive is compressed, so its values cannot be read in place',
      remedy: 'Save it with numpy.savez or mlx.core.savez, which do not compress, or as safetensors.',
    });
  const [start, end] = await locateEntry(source, directory, entry, signal);
  return { name, start, end };
}

async function readNpyHeader(source: ByteSource, { name, start, end }: ArrayPlace, signal?: AbortSignal): Promise<NpyHeader> {
  const length = npyHeaderLength(source.name, await source.read(start, Math.min(end, start + npyPrefixLength), signal), start);
  if (start + length > end) throw damaged(source, name, `its header ends after byte ${end}`);
  const header = parseNpyHeader(source.name, await source.read(start, start + length, signal), name, start);
  const left = end - start - length;
  if (header.dtype !== null && header.byteLength !== left)
    throw damaged(source, name, `${header.byteLength} bytes are needed, ${left} are there`);
  return header;
}

function damaged({ name: file }: ByteSource, tensor: string, actual: string): FormatError {
  return new FormatError({
    file,
    tensor,
    problem: 'the data do not fit the shape of the array',
    actual,
    remedy: 'The file is damaged or incomplete: download or save it again.',
  });
}

function contentsOf(
  { name: file }: ByteSource,
  arrays: readonly { readonly place: ArrayPlace; readonly header: NpyHeader }[],
): FileContents {
  const tensors: FileTensor[] = [];
  const views: FileView[] = [];
  const others: string[] = [];
  for (const { place, header } of arrays) {
    const { dtype, shape, elementCount, byteLength } = header;
    if (dtype === null) {
      others.push(place.name);
      continue;
    }
    const tensor = { name: place.name, dtype, shape, elementCount, shard: 0 as const, start: place.start + header.length, byteLength };
    const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
    if (header.isFortran && shape.length > 1 && elementCount > 0) views.push({ ...tensor, strides, offset: 0 });
    else tensors.push(tensor);
  }
  return {
    tensors: tensors.sort((a, b) => a.start - b.start),
    views,
    metadata: {},
    repeatedNames: [],
    findings: otherFindings(file, others),
  };
}

function otherFindings(file: string, names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  return [{ severity: 'info', code: 'no-tensors-among', message: `Not read, since they are no numbers: ${nameList(names)}.`, file }];
}
