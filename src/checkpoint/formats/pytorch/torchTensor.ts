import { bitsOf, type Dtype } from '../../dtype.js';
import { calleeName, globalName, isObject, itemsOf, valueOf, type PickleCall, type PickleValue } from '../pickle/index.js';
import { dtypeOfGlobal, dtypeOfStorage } from './torchDtype.js';

/** Bytes that tensors share: a record of the archive, or a stretch of an older file. */
export interface TorchStorage {
  readonly key: string;
  readonly byteLength: number;
}

/** A tensor as PyTorch's pickles give it. Strides and offset count elements. */
export interface TorchTensor {
  readonly dtype: Dtype;
  readonly storage: TorchStorage;
  /** Where in the storage's bytes the first element of a view of it begins; 0 but for views in older files. */
  readonly storageStart: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor that cannot be read, as a clause. */
export class TensorRefusal extends Error {
  constructor(
    readonly problem: string,
    readonly remedy = 'Save its values as a plain tensor.',
  ) {
    super(problem);
  }
}

/** Classes that are tensors and nothing more. */
const plainClasses: ReadonlySet<string | null> = new Set([
  ...['torch.Tensor', 'torch._tensor.Tensor', 'torch.nn.Parameter', 'torch.nn.parameter.Parameter', 'torch.nn.parameter.Buffer'],
]);

/** @param depth of calls within calls: a pickle may name itself */
type Rebuild = (args: readonly PickleValue[], depth: number) => TorchTensor;

const maxDepth = 8;

/** What PyTorch calls to make a tensor, and what it gives. Sources: `torch/_utils.py`, `torch/_tensor.py` of 2.15. */
const rebuilds: ReadonlyMap<string | null, Rebuild> = new Map<string, Rebuild>([
  ['torch._utils._rebuild_tensor', (args) => rebuildTensor(args, null)],
  ['torch._utils._rebuild_tensor_v2', (args) => rebuildTensor(args, null, args[6])],
  ['torch._utils._rebuild_tensor_v3', (args) => rebuildTensor(args, args[6], args[7])],
  ['torch._utils._rebuild_parameter', rebuildOf],
  ['torch._utils._rebuild_parameter_with_state', rebuildOf],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', rebuildOf],
  ['torch._tensor._rebuild_from_type', rebuildFromType],
  ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
]);

/** What makes tensors that have no place in a checkpoint's file, and why. */
const refused: readonly (readonly [pattern: RegExp, kind: string, remedy?: string])[] = [
  [/_rebuild_q/, "a quantised tensor of PyTorch's own", 'Save dequantize() of it.'],
  [/_rebuild_sparse|_rebuild_csr/, 'a sparse tensor', 'Save to_dense() of it.'],
  [/_rebuild_nested/, 'a nested tensor'],
  [/_rebuild_meta/, 'a tensor without values, of the device "meta"', 'Load the weights before saving.'],
  [/_rebuild_device_tensor_from_numpy/, 'a tensor of an accelerator, stored as a NumPy array', 'Save cpu() of it.'],
];

/** Whether a value stands for a tensor, also one that is refused. */
export function isTensor(value: PickleValue | undefined): value is PickleCall {
  const name = calleeName(value);
  return name !== null && (rebuilds.has(name) || /^torch\.(?:_utils|_tensor)\._rebuild_\w*$/.test(name));
}

/** @throws TensorRefusal for what is no tensor whose bytes lie in a storage */
export function readTensor(value: PickleValue | undefined, depth = 0): TorchTensor {
  if (depth > maxDepth) throw new TensorRefusal('it is made of itself');
  const name = calleeName(value);
  const rebuild = rebuilds.get(name);
  if (rebuild !== undefined && isTensor(value)) return rebuild(value.args, depth);
  const [, kind, remedy] = refused.find(([pattern]) => name !== null && pattern.test(name)) ?? [];
  if (kind !== undefined) throw new TensorRefusal(`it is ${kind}`, remedy);
  const subclass = isTensor(value) && name?.endsWith('_rebuild_wrapper_subclass') === true ? globalName(value.args[0]) : name;
  throw new TensorRefusal(subclass === null ? 'it is no tensor' : `it is made by ${subclass}, which is not read`);
}

function rebuildOf([data]: readonly PickleValue[], depth: number): TorchTensor {
  return readTensor(data, depth + 1);
}

/** `(function, class, arguments, state)`: a plain class makes what the function makes. */
function rebuildFromType([callee, type, args]: readonly PickleValue[], depth: number): TorchTensor {
  const name = globalName(type);
  if (!plainClasses.has(name))
    throw new TensorRefusal(
      `it is of the tensor class ${name ?? 'without a name'}, whose values are not stored as numbers`,
      subclassRemedy(name),
    );
  return readTensor(
    { kind: 'call', callee: callee ?? null, args: itemsOf(args) ?? [], state: undefined, items: [], entries: [] },
    depth + 1,
  );
}

function subclassRemedy(name: string | null): string {
  return name?.endsWith('.DTensor') === true
    ? 'It is one part of a tensor that lies in several files: save full_tensor(), or save with torch.distributed.checkpoint.'
    : 'Save its values as a plain tensor: dequantize() or to(torch.bfloat16) where the class has them.';
}

function rebuildTensor(
  [storage, offset, size, stride]: readonly PickleValue[],
  dtype: PickleValue | undefined,
  metadata?: PickleValue,
): TorchTensor {
  const found = readStorage(storage);
  const elements = dtype === null ? found.dtype : dtypeOfGlobal(globalName(dtype) ?? '');
  if (elements === 'untyped' || elements === null)
    throw new TensorRefusal(`it is of the dtype ${globalName(dtype) ?? found.className}, which safetensors has no name for`);
  for (const bit of ['conj', 'neg']) {
    if (valueOf(metadata, bit) === true)
      throw new TensorRefusal(
        `it is stored as the ${bit === 'neg' ? 'negative' : 'conjugate'} of its values`,
        `Save resolve_${bit}() of it.`,
      );
  }
  const [shape, strides] = [sizesOf(size), sizesOf(stride)];
  const first = countOf(offset);
  if (shape === null || strides?.length !== shape.length || first === null)
    throw new TensorRefusal('its shape, strides or offset are none');
  return { dtype: elements, storage: found.storage, storageStart: found.start, offset: first, shape, strides };
}

interface FoundStorage {
  readonly storage: TorchStorage;
  readonly start: number;
  readonly dtype: Dtype | 'untyped' | null;
  readonly className: string;
}

/** `('storage', class, key, location, elements)`, in older files with the view of another storage that it is. */
function readStorage(value: PickleValue | undefined): FoundStorage {
  const id = isObject(value) && value.kind === 'persistent' ? itemsOf(value.id) : null;
  const [kind, type, key, , count, view] = id ?? [];
  const elements = countOf(count);
  const className = globalName(type);
  if (kind !== 'storage' || typeof key !== 'string' || elements === null || className === null)
    throw new TensorRefusal('its storage is none');
  const dtype = dtypeOfStorage(className);
  if (dtype === null) throw new TensorRefusal(`its storage is a ${className}, which is not read`);
  const size = dtype === 'untyped' ? 1 : bitsOf(dtype) / 8;
  const start = itemsOf(view) === null ? 0 : (countOf(itemsOf(view)![1]) ?? NaN) * size;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(elements * size)) throw new TensorRefusal('its storage has an impossible size');
  return { storage: { key, byteLength: elements * size }, start, dtype, className };
}

function countOf(value: PickleValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A tuple of integers, or a `torch.Size` of one. */
export function sizesOf(value: PickleValue | undefined): readonly number[] | null {
  const items = calleeName(value) === 'torch.Size' ? itemsOf((value as PickleCall).args[0]) : itemsOf(value);
  if (items === null || items.length > 64) return null;
  const sizes = items.flatMap((item) => countOf(item) ?? []);
  return sizes.length === items.length ? sizes : null;
}
