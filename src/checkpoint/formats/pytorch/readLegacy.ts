import { FormatError } from '../../../base/formatError.js';
import { inParallel } from '../../../base/inParallel.js';
import { bitsOf } from '../../dtype.js';
import type { ByteSource } from '../../byteSource.js';
import type { Finding } from '../../finding.js';
import type { Span } from '../format.js';
import {
  globalName,
  innerValues,
  isObject,
  itemsOf,
  PickleFault,
  unpickle,
  valueOf,
  type PickleValue,
  type Unpickled,
} from '../pickle/index.js';
import type { StorageStarts } from './placeTensors.js';
import { bigEndian } from './readArchive.js';
import type { SavedFile } from './savedFile.js';
import { dtypeOfStorage } from './torchDtype.js';
import { maxPickleLength, pickleError } from './unpickleIn.js';

/** `MAGIC_NUMBER` of `torch/serialization.py`. */
const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
/** Read at first; then twice as much, until the pickles end. */
const firstLength = 1024 * 1024;
const countLength = 8;

/**
 * Reads what PyTorch wrote before 1.6, and later on demand: five pickles (a magic number, a version, facts of the machine, what was
 * saved, the keys of its storages), and the storages one after the other, each with the number of its elements before it.
 * Source: `_legacy_save` of `torch/serialization.py`.
 * @throws FormatError
 */
export async function readLegacy(source: ByteSource, signal?: AbortSignal): Promise<SavedFile> {
  const { root, keys, end } = await readPickles(source, signal);
  const places = placeStorages(source, root, keys, end);
  await checkCounts(source, places, signal);
  const last = [...places.values()].at(-1);
  const dataEnd = last === undefined ? end : last.start + last.byteLength;
  const starts: StorageStarts = places;
  return { root, locate: () => Promise.resolve(starts), findings: dataEnd === source.byteLength ? [] : [trailing(source, dataEnd)] };
}

export async function legacySpans(source: ByteSource, signal?: AbortSignal): Promise<readonly Span[]> {
  const { end } = await readPickles(source, signal);
  return [[0, end]];
}

interface Pickles {
  readonly root: PickleValue;
  readonly keys: readonly string[];
  readonly end: number;
}

async function readPickles(source: ByteSource, signal?: AbortSignal): Promise<Pickles> {
  for (let length = firstLength; ; length *= 2) {
    const bytes = await source.read(0, Math.min(length, source.byteLength), signal);
    const isAll = bytes.byteLength === source.byteLength || length >= maxPickleLength;
    try {
      return parsePickles(source.name, bytes);
    } catch (error) {
      if (!(error instanceof PickleFault)) throw error;
      if (!error.isCut || isAll) throw pickleError(source.name, error, 0);
    }
  }
}

function parsePickles(file: string, bytes: Uint8Array): Pickles {
  let end = 0;
  const next = (): PickleValue => {
    const read = unpickleAt(bytes, end);
    end = read.end;
    return read.value;
  };
  if (next() !== magicNumber)
    throw new FormatError({ file, problem: 'a Python pickle, but not of torch.save', remedy: 'Name a file that torch.save wrote.' });
  const version = next();
  if (version !== protocolVersion)
    throw new FormatError({
      file,
      problem: 'torch.save of another version',
      expected: String(protocolVersion),
      actual: shown(version),
      remedy: 'Save it again with a newer PyTorch.',
    });
  if (valueOf(next(), 'little_endian') === false) throw bigEndian(file, 'big');
  const root = next();
  const keys = (itemsOf(next()) ?? []).filter((key) => typeof key === 'string');
  return { root, keys, end };
}

function shown(value: PickleValue): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 20) : 'no number';
}

function unpickleAt(bytes: Uint8Array, start: number): Unpickled {
  try {
    const { value, end } = unpickle(bytes.subarray(start));
    return { value, end: start + end };
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    throw new PickleFault(error.problem, start + error.position, error.isCut);
  }
}

interface Size {
  readonly byteLength: number;
  readonly count: number;
}

interface Place extends Size {
  readonly start: number;
}

/** Storages lie in the order of their keys. How long each is, what refers to it says. */
function placeStorages(source: ByteSource, root: PickleValue, keys: readonly string[], end: number): ReadonlyMap<string, Place> {
  const sizes = storageSizes(root);
  const places = new Map<string, Place>();
  let at = end;
  for (const key of keys) {
    const found = sizes.get(key);
    if (found === undefined || places.has(key)) throw damaged(source, 'the list of storages names one that is not used', at);
    const place = { start: at + countLength, ...found };
    at = place.start + place.byteLength;
    if (!(at <= source.byteLength)) throw damaged(source, 'the file ends within a storage', place.start);
    places.set(key, place);
  }
  return places;
}

/** Sizes of all storages that anything in a pickle refers to. */
function storageSizes(root: PickleValue): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>();
  const seen = new Set<PickleValue>();
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'persistent') addSize(value.id, sizes);
    else for (const inner of innerValues(value)) waiting.push(inner);
  }
  return sizes;
}

/** Bytes of an element of storages that are not read, but lie between others. */
const otherSizes: Readonly<Record<string, number>> = {
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
};

function addSize(id: PickleValue, sizes: Map<string, Size>): void {
  const [kind, type, key, , count] = itemsOf(id) ?? [];
  if (kind !== 'storage' || typeof key !== 'string' || typeof count !== 'number') return;
  const name = globalName(type) ?? '';
  const dtype = dtypeOfStorage(name);
  const size = dtype === 'untyped' ? 1 : dtype === null ? (otherSizes[name.slice(name.lastIndexOf('.') + 1)] ?? NaN) : bitsOf(dtype) / 8;
  sizes.set(key, { byteLength: count * size, count });
}

/** The number of elements that stands before each storage is what the pickle says. */
async function checkCounts(source: ByteSource, places: ReadonlyMap<string, Place>, signal?: AbortSignal): Promise<void> {
  await inParallel([...places.values()], async ({ start, count }) => {
    const bytes = await source.read(start - countLength, start, signal);
    const found = new DataView(bytes.buffer, bytes.byteOffset, countLength).getBigInt64(0, true);
    if (found !== BigInt(count)) throw damaged(source, `a storage has ${found} elements where ${count} are expected`, start - countLength);
  });
}

function damaged({ name: file }: ByteSource, problem: string, offset: number): FormatError {
  return new FormatError({ file, problem, offset, remedy: 'The file is damaged or incomplete: download or save it again.' });
}

function trailing({ name: file, byteLength }: ByteSource, end: number): Finding {
  const message = `The file goes on for ${byteLength - end} bytes after the last storage. PyTorch does not read these, and nothing here does.`;
  return { severity: 'warning', code: 'trailing-data', message, file };
}
