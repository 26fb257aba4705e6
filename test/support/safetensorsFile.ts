import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bitsOf, type Dtype } from '../../src/checkpoint/dtype.js';

/** One tensor to be written. Without `bytes` its values are all zero bits. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes?: Uint8Array;
}

export interface WriteOptions {
  /** The header's `__metadata__`; left out when absent. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Pad the header with spaces to a multiple of 8, as the reference implementation does. Default true. */
  readonly aligned?: boolean;
}

/** The bytes of a valid safetensors file that holds the tensors in the given order, without gaps. */
export function buildSafetensors(tensors: readonly TensorToWrite[], options: WriteOptions = {}): Uint8Array {
  const data = tensors.map((tensor) => tensor.bytes ?? new Uint8Array(byteLengthOf(tensor)));
  const header = headerBytes(headerText(tensors, data, options), options.aligned ?? true);
  return Buffer.concat([lengthPrefix(header.byteLength), header, ...data]);
}

/** Writes `buildSafetensors(...)` to `path`, making its folder. */
export async function writeSafetensors(path: string, tensors: readonly TensorToWrite[], options: WriteOptions = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, buildSafetensors(tensors, options));
}

/** Writes a folder of shards `model-0000i-of-0000N.safetensors` and their `model.safetensors.index.json`. */
export async function writeShardedCheckpoint(
  folder: string,
  shards: readonly (readonly TensorToWrite[])[],
  options: WriteOptions = {},
): Promise<void> {
  const weightMap: Record<string, string> = {};
  for (const [shard, tensors] of shards.entries()) {
    const name = shardName(shard, shards.length);
    await writeSafetensors(join(folder, name), tensors, options);
    for (const tensor of tensors) weightMap[tensor.name] = name;
  }
  const total = shards.flat().reduce((sum, tensor) => sum + (tensor.bytes?.byteLength ?? byteLengthOf(tensor)), 0);
  const index = { metadata: { total_size: total }, weight_map: weightMap };
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
}

/** `shardName(0, 2)` is `model-00001-of-00002.safetensors`. */
export function shardName(shard: number, count: number): string {
  return `model-${pad(shard + 1)}-of-${pad(count)}.safetensors`;
}

/** A file of any header text and data: for headers that no honest writer makes. */
export function buildRawSafetensors(header: string | Uint8Array, data = new Uint8Array(0)): Uint8Array {
  const bytes = typeof header === 'string' ? Buffer.from(header) : header;
  return Buffer.concat([lengthPrefix(bytes.byteLength), bytes, data]);
}

function headerText(tensors: readonly TensorToWrite[], data: readonly Uint8Array[], options: WriteOptions): string {
  const entries = new Map<string, unknown>();
  if (options.metadata !== undefined) entries.set('__metadata__', options.metadata);
  let offset = 0;
  for (const [index, { name, dtype, shape }] of tensors.entries()) {
    const end = offset + data[index]!.byteLength;
    entries.set(name, { dtype, shape, data_offsets: [offset, end] });
    offset = end;
  }
  const members = [...entries].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}

function headerBytes(text: string, aligned: boolean): Uint8Array {
  const length = Buffer.byteLength(text);
  return Buffer.from(aligned ? text + ' '.repeat((8 - (length % 8)) % 8) : text);
}

function lengthPrefix(headerLength: number): Uint8Array {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(headerLength));
  return prefix;
}

function byteLengthOf(tensor: TensorToWrite): number {
  return (tensor.shape.reduce((product, size) => product * size, 1) * bitsOf(tensor.dtype)) / 8;
}

function pad(count: number): string {
  return String(count).padStart(5, '0');
}
