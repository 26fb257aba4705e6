import { FormatError, type FormatFault } from '../../../base/formatError.js';
import { bitsOf } from '../../dtype.js';
import type { FileTensor, FileView } from '../format.js';
import type { PickleValue } from '../pickle/index.js';
import { readTensor, TensorRefusal, type TorchStorage, type TorchTensor } from './torchTensor.js';

/** Where the bytes of a storage begin in the file; null where the file has none of that key. */
export type StorageStarts = ReadonlyMap<string, { readonly start: number; readonly byteLength: number }>;

/** Tensors as they lie in a file. */
export interface PlacedTensors {
  readonly tensors: readonly FileTensor[];
  readonly views: readonly FileView[];
}

/** A view that repeats elements has no more of them than this: nothing that was trained is larger. */
const maxElements = 2 ** 40;

const damaged = 'The file is damaged: download or save it again.';

/** Reads what a pickle says of tensors. @throws FormatError naming the first that cannot be read */
export function readTensors(file: string, saved: ReadonlyMap<string, PickleValue>): ReadonlyMap<string, TorchTensor> {
  return new Map(
    [...saved].map(([name, value]) => {
      try {
        return [name, readTensor(value)] as const;
      } catch (error) {
        if (!(error instanceof TensorRefusal)) throw error;
        throw new FormatError({ file, tensor: name, problem: `the tensor is not read: ${error.problem}`, remedy: error.remedy });
      }
    }),
  );
}

/** The storages of some tensors, each once. */
export function storagesOf(tensors: Iterable<TorchTensor>): readonly TorchStorage[] {
  return [...new Map(Array.from(tensors, ({ storage }) => [storage.key, storage])).values()];
}

/**
 * Where tensors lie: those whose elements follow each other as they are, others as views of the bytes that they touch.
 * @throws FormatError when one leaves its storage
 */
export function placeTensors(file: string, tensors: ReadonlyMap<string, TorchTensor>, starts: StorageStarts): PlacedTensors {
  const placed: FileTensor[] = [];
  const views: FileView[] = [];
  for (const [name, tensor] of tensors) {
    const fail = (fault: Omit<FormatFault, 'file' | 'tensor' | 'remedy'>): never => {
      throw new FormatError({ file, tensor: name, ...fault, remedy: damaged });
    };
    const { dtype, shape } = tensor;
    const elementCount = shape.reduce((product, size) => product * size, 1);
    if (elementCount > maxElements) fail({ problem: 'the tensor has more elements than any model', actual: `shape ${shape.join(' × ')}` });
    const place = {
      name,
      dtype,
      shape,
      elementCount,
      shard: 0 as const,
      ...spanOf(tensor, elementCount, starts.get(tensor.storage.key), fail),
    };
    if (isContiguous(tensor) || elementCount === 0) placed.push(place);
    else views.push({ ...place, strides: tensor.strides, offset: 0 });
  }
  return { tensors: placed.sort((a, b) => a.start - b.start), views };
}

function spanOf(
  { dtype, storage, storageStart, offset, shape, strides }: TorchTensor,
  elementCount: number,
  found: { readonly start: number; readonly byteLength: number } | undefined,
  fail: (fault: Omit<FormatFault, 'file' | 'tensor' | 'remedy'>) => never,
): { readonly start: number; readonly byteLength: number } {
  if (found === undefined)
    return fail({ problem: 'the bytes of the tensor are not in the file', actual: `storage ${JSON.stringify(storage.key.slice(0, 40))}` });
  if (found.byteLength !== storage.byteLength)
    fail({
      problem: 'the storage of the tensor has another size than is said',
      expected: `${storage.byteLength} bytes`,
      actual: `${found.byteLength} bytes`,
    });
  const size = bitsOf(dtype) / 8;
  const last = shape.reduce((sum, count, axis) => sum + (count - 1) * strides[axis]!, 0);
  const first = storageStart + offset * size;
  const byteLength = elementCount === 0 ? 0 : (last + 1) * size;
  if (!(first + byteLength <= found.byteLength))
    fail({ problem: 'the tensor leaves its storage', expected: `at most ${found.byteLength} bytes`, actual: `${first + byteLength}` });
  return { start: found.start + first, byteLength };
}

/** Axes of one entry may have any stride. */
function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
