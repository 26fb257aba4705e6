import { FormatError } from '../../../base/formatError.js';
import type { TensorLayout } from '../../checkpoint.js';
import { bitsOf } from '../../dtype.js';
import type { FileByteSource } from '../../fileByteSource.js';
import { pytorch } from '../pytorch/index.js';
import type { DistributedChunk, DistributedTensor } from './distributedMetadata.js';
import { SliceSource } from './sliceSource.js';

/** Which part of which tensor a slice holds. */
export interface SliceOf {
  readonly name: string;
  readonly tensor: DistributedTensor;
  readonly chunk: DistributedChunk;
  /** Of the file. */
  readonly shard: number;
}

/** Where a part of a tensor lies: a slice of a file is a file of torch.save with one tensor. @throws FormatError */
export async function readSlice(
  source: FileByteSource,
  { name, tensor, chunk, shard }: SliceOf,
  signal?: AbortSignal,
): Promise<TensorLayout> {
  const { dtype } = tensor;
  const { start, length, shape } = chunk;
  const fail = (problem: string, actual: string): never => {
    throw new FormatError({
      file: source.name,
      tensor: name,
      problem,
      offset: start,
      actual,
      remedy: 'The file is damaged or of another save: save the checkpoint again.',
    });
  };
  if (start + length > source.byteLength) fail('a part of the tensor lies behind the end of the file', `${source.byteLength} bytes`);
  const { tensors, views } = await pytorch.read(new SliceSource(source, start, length), signal);
  const [found, ...others] = [...tensors, ...views];
  if (found === undefined || others.length > 0)
    return fail('a part of the tensor is no single tensor', `${tensors.length + views.length} tensors`);
  if (found.dtype !== dtype || found.shape.join() !== shape.join())
    return fail('a part of the tensor is of another shape or dtype than is said', `${found.dtype} [${found.shape.join(', ')}]`);
  const run = { name, dtype, shard, start: start + found.start, byteLength: found.byteLength };
  if (!('strides' in found)) return { kind: 'stored', tensor: { ...run, shape, elementCount: found.elementCount } };
  const count = (found.byteLength * 8) / bitsOf(dtype);
  return { kind: 'strided', tensor: { ...run, shape: [count], elementCount: count }, shape, strides: found.strides, offset: found.offset };
}
