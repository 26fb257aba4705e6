import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bitsOf, type Dtype } from '../../src/checkpoint/dtype.js';
import { buildZip, type ZipFileEntry } from './zipFile.js';

/** A tensor to be written as PyTorch writes it. */
export interface TorchTensorToWrite {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** In elements; those of a contiguous tensor by default. */
  readonly strides?: readonly number[];
  readonly offset?: number;
  /** Tensors of one key share their bytes, which the first of them gives. */
  readonly key?: string;
  /** Of the storage; zeros by default. */
  readonly bytes?: Uint8Array;
}

const storageClasses: Partial<Record<Dtype, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

/** Instructions of pickles, as text: what `pickletools` lists. */
export const pickle = {
  begin: Buffer.from('\x80\x02', 'latin1'),
  end: Buffer.from('.'),
  mark: Buffer.from('('),
  emptyDict: Buffer.from('}'),
  setItems: Buffer.from('u'),
  setItem: Buffer.from('s'),
  tuple: Buffer.from('t'),
  emptyTuple: Buffer.from(')'),
  reduce: Buffer.from('R'),
  persistent: Buffer.from('Q'),
  build: Buffer.from('b'),
  none: Buffer.from('N'),
  false: Buffer.from('\x89', 'latin1'),
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  text: (value: string): Buffer => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.byteLength);
    return Buffer.concat([Buffer.from('X'), length, bytes]);
  },
  /** Python's `int` of any size up to eight bytes. */
  integer: (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return Buffer.concat([Buffer.from('\x8a\x08', 'latin1'), bytes]);
  },
  integers: (values: readonly number[]): Buffer => Buffer.concat([pickle.mark, ...values.map(pickle.integer), pickle.tuple]),
};

const emptyOrderedDict = Buffer.concat([pickle.global('collections', 'OrderedDict'), pickle.emptyTuple, pickle.reduce]);

/** The instructions that make one tensor. */
export function pickledTensor(tensor: TorchTensorToWrite): Buffer {
  const { dtype, shape, strides = contiguous(shape), offset = 0, key = tensor.name } = tensor;
  const storage = [
    pickle.mark,
    pickle.text('storage'),
    pickle.global('torch', storageClasses[dtype]!),
    pickle.text(key),
    pickle.text('cpu'),
    pickle.integer((storageBytes(tensor).byteLength * 8) / bitsOf(dtype)),
    pickle.tuple,
    pickle.persistent,
  ];
  const args = [
    pickle.mark,
    ...storage,
    pickle.integer(offset),
    pickle.integers(shape),
    pickle.integers(strides),
    pickle.false,
    emptyOrderedDict,
    pickle.tuple,
  ];
  return Buffer.concat([pickle.global('torch._utils', '_rebuild_tensor_v2'), ...args, pickle.reduce]);
}

/** The instructions that make a dictionary. @param entries names, and the instructions of their values */
export function pickledDict(entries: readonly (readonly [name: string, value: Buffer])[]): Buffer {
  return Buffer.concat([pickle.emptyDict, pickle.mark, ...entries.flatMap(([name, value]) => [pickle.text(name), value]), pickle.setItems]);
}

/** The bytes of an archive of PyTorch: a pickle and the storages. */
export function buildTorchArchive(root: Buffer, tensors: readonly TorchTensorToWrite[], extra: readonly ZipFileEntry[] = []): Buffer {
  const storages = new Map([...tensors].reverse().map((tensor) => [tensor.key ?? tensor.name, storageBytes(tensor)]));
  return buildZip([
    { name: 'archive/data.pkl', content: Buffer.concat([pickle.begin, root, pickle.end]) },
    { name: 'archive/byteorder', content: Buffer.from('little') },
    ...[...storages].reverse().map(([key, content]) => ({ name: `archive/data/${key}`, content, padding: 5 })),
    ...extra,
  ]);
}

/** The bytes of `torch.save` of a dictionary of tensors. */
export function buildTorchFile(tensors: readonly TorchTensorToWrite[]): Buffer {
  return buildTorchArchive(pickledDict(tensors.map((tensor) => [tensor.name, pickledTensor(tensor)])), tensors);
}

/** Writes `buildTorchFile(...)` to `path`, making its folder. */
export async function writeTorchFile(path: string, tensors: readonly TorchTensorToWrite[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, buildTorchFile(tensors));
}

function storageBytes({ dtype, shape, bytes }: TorchTensorToWrite): Uint8Array {
  return bytes ?? new Uint8Array((shape.reduce((product, size) => product * size, 1) * bitsOf(dtype)) / 8);
}

function contiguous(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
