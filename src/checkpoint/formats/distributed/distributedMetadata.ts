import { FormatError } from '../../../base/formatError.js';
import type { Dtype } from '../../dtype.js';
import { isInnerPath } from '../../shardIndex.js';
import { calleeName, entriesOf, globalName, isObject, itemsOf, valueOf, type PickleValue } from '../pickle/index.js';
import { dtypeOfGlobal } from '../pytorch/torchDtype.js';
import { sizesOf } from '../pytorch/torchTensor.js';
import { unpickleIn } from '../pytorch/unpickleIn.js';

/** A box of a tensor, and where it was written. */
export interface DistributedChunk {
  readonly origin: readonly number[];
  readonly shape: readonly number[];
  /** File in the folder. */
  readonly file: string;
  /** Bytes of the file that are one file of torch.save. */
  readonly start: number;
  readonly length: number;
}

export interface DistributedTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Those that hold anything. */
  readonly chunks: readonly DistributedChunk[];
}

/** What a folder of torch.distributed.checkpoint holds. */
export interface DistributedMetadata {
  /** By its full name in what was saved. */
  readonly tensors: ReadonlyMap<string, DistributedTensor>;
  /** Keys that lead to each entry in what was saved; entries of older versions have none. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Names of what is no tensor. */
  readonly objects: readonly string[];
}

/**
 * Reads the `.metadata` of a checkpoint. Source: `torch/distributed/checkpoint/metadata.py` and `filesystem.py` of 2.15.
 * @throws FormatError
 */
export function parseDistributedMetadata(file: string, bytes: Uint8Array): DistributedMetadata {
  const { value: root } = unpickleIn(file, bytes);
  if (calleeName(root) !== 'torch.distributed.checkpoint.metadata.Metadata')
    return fail(file, 'it is no metadata of a distributed checkpoint');
  const { state } = root as { readonly state: PickleValue | undefined };
  const places = readPlaces(file, valueOf(state, 'storage_data'));
  const tensors = new Map<string, DistributedTensor>();
  const objects: string[] = [];
  for (const [name, facts] of entriesOf(valueOf(state, 'state_dict_metadata')) ?? []) {
    if (typeof name !== 'string') return fail(file, 'an entry has no name');
    if (calleeName(facts)?.endsWith('.TensorStorageMetadata') === true) tensors.set(name, readTensor(file, name, stateOf(facts), places));
    else objects.push(name);
  }
  return { tensors, paths: readPaths(valueOf(state, 'planner_data')), objects };
}

function stateOf(value: PickleValue | undefined): PickleValue | undefined {
  return isObject(value) && value.kind === 'call' ? value.state : undefined;
}

type Places = ReadonlyMap<string, { readonly file: string; readonly start: number; readonly length: number }>;

function keyOf(name: string, origin: readonly number[]): string {
  return `${origin.join()} ${name}`;
}

function readPlaces(file: string, data: PickleValue | undefined): Places {
  const places = new Map<string, { file: string; start: number; length: number }>();
  for (const [index, info] of entriesOf(data) ?? []) {
    const [name, origin] = [valueOf(stateOf(index), 'fqn'), sizesOf(valueOf(stateOf(index), 'offset'))];
    if (typeof name !== 'string' || origin === null) continue; // objects have no offset
    places.set(keyOf(name, origin), readPlace(file, name, stateOf(info)));
  }
  return places;
}

function readPlace(file: string, tensor: string, info: PickleValue | undefined): { file: string; start: number; length: number } {
  const [path, start, length] = ['relative_path', 'offset', 'length'].map((key) => valueOf(info, key));
  const transforms = itemsOf(valueOf(info, 'transform_descriptors'));
  if (transforms !== null && transforms.length > 0)
    throw new FormatError({
      file,
      tensor,
      problem: 'its bytes were compressed when they were saved, which is not read',
      remedy: 'Save the checkpoint again without extensions.',
    });
  const isPlace =
    typeof path === 'string' && isInnerPath(path) && isCount(start) && isCount(length) && Number.isSafeInteger(start + length);
  return isPlace ? { file: path, start, length } : fail(file, 'an entry has no place in a file of the folder', tensor);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readTensor(file: string, name: string, facts: PickleValue | undefined, places: Places): DistributedTensor {
  const [dtypeGlobal] = itemsOf(stateOf(valueOf(facts, 'properties'))) ?? [];
  const dtype = dtypeOfGlobal(globalName(dtypeGlobal) ?? '');
  const shape = sizesOf(valueOf(facts, 'size'));
  const chunks = itemsOf(valueOf(facts, 'chunks'));
  if (dtype === null)
    throw new FormatError({
      file,
      tensor: name,
      problem: `the tensor is of the dtype ${globalName(dtypeGlobal) ?? 'none'}, which safetensors has no name for`,
      remedy: 'Save it as another dtype.',
    });
  if (shape === null || chunks === null) return fail(file, 'a tensor has no shape or no parts', name);
  const parts = chunks.map((chunk) => readChunk(file, name, stateOf(chunk), places));
  return { dtype, shape, chunks: parts.filter((part) => part.shape.every((size) => size > 0)) };
}

function readChunk(file: string, name: string, chunk: PickleValue | undefined, places: Places): DistributedChunk {
  const [origin, shape] = [sizesOf(valueOf(chunk, 'offsets')), sizesOf(valueOf(chunk, 'sizes'))];
  const place = origin === null ? undefined : places.get(keyOf(name, origin));
  if (origin === null || shape?.length !== origin.length || place === undefined) return fail(file, 'a part of a tensor lies nowhere', name);
  return { origin, shape, ...place };
}

function readPaths(data: PickleValue | undefined): ReadonlyMap<string, readonly string[]> {
  const paths = (entriesOf(data) ?? []).flatMap(([name, path]): [string, string[]][] => {
    const keys = itemsOf(path)?.map(String);
    return typeof name === 'string' && keys !== undefined ? [[name, keys]] : [];
  });
  return new Map(paths);
}

function fail(file: string, problem: string, tensor?: string): never {
  throw new FormatError({
    file,
    ...(tensor === undefined ? {} : { tensor }),
    problem,
    remedy: 'The checkpoint is damaged, or of a version that is not known: save it again.',
  });
}
