import { join } from 'node:path';
import { FormatError } from '../../../base/formatError.js';
import { groupBy } from '../../../base/groupBy.js';
import { inParallel } from '../../../base/inParallel.js';
import { nameList } from '../../../base/nameList.js';
import type { ScatteredTensor, Shard, Tensor, TensorLayout } from '../../checkpoint.js';
import { bitsOf } from '../../dtype.js';
import { FileByteSource } from '../../fileByteSource.js';
import type { Finding } from '../../finding.js';
import { chooseTensors } from './chooseTensors.js';
import { metadataName } from './distributedFile.js';
import {
  parseDistributedMetadata,
  type DistributedChunk,
  type DistributedMetadata,
  type DistributedTensor,
} from './distributedMetadata.js';
import { joinPieces, type Piece } from './joinPieces.js';
import { readSlice } from './readSlice.js';

/** A distributed checkpoint as tensors of its files. */
export interface DistributedFiles {
  /** The description first. */
  readonly shards: readonly Shard[];
  readonly tensors: readonly Tensor[];
  readonly scattered: readonly ScatteredTensor[];
  readonly findings: readonly Finding[];
}

const maxMetadataLength = 256 * 1024 * 1024;

/**
 * Opens the files of a folder that torch.distributed.checkpoint wrote: FSDP of accelerate and of PyTorch itself, torchtitan.
 * @param folder that holds them @param files names of those that are there, the description included
 * @throws FileAccessError, FormatError
 */
export async function openDistributed(folder: string, files: readonly string[], signal?: AbortSignal): Promise<DistributedFiles> {
  const path = join(folder, metadataName);
  const { shard, bytes } = await readWhole(path, signal);
  const metadata = parseDistributedMetadata(path, bytes);
  const { names, findings } = chooseTensors(path, metadata);
  const wanted = new Map([...names].map(([name, key]) => [name, metadata.tensors.get(key)!]));
  const pieces = await readPieces(folder, files, wanted, signal);
  return {
    shards: [shard, ...pieces.shards],
    ...assemble(path, wanted, pieces.byChunk),
    findings: [...findings, ...objectFindings(path, metadata)],
  };
}

function shardOf(path: string, { byteLength, identity, modifiedAt }: FileByteSource): Shard {
  return { path, format: 'distributed', byteLength, identity, modifiedAt, metadata: {} };
}

async function readWhole(path: string, signal?: AbortSignal): Promise<{ shard: Shard; bytes: Uint8Array }> {
  const source = await FileByteSource.open(path, signal);
  try {
    if (source.byteLength > maxMetadataLength)
      throw new FormatError({ file: path, problem: 'the description of the checkpoint is too long', remedy: 'Check that it is one.' });
    return { shard: shardOf(path, source), bytes: await source.read(0, source.byteLength, signal) };
  } finally {
    await source.close();
  }
}

interface ReadPieces {
  readonly shards: readonly Shard[];
  readonly byChunk: ReadonlyMap<DistributedChunk, TensorLayout>;
}

/** Opens every file that a wanted tensor has a part in, once. */
async function readPieces(
  folder: string,
  files: readonly string[],
  wanted: ReadonlyMap<string, DistributedTensor>,
  signal?: AbortSignal,
): Promise<ReadPieces> {
  const parts = [...wanted].flatMap(([name, tensor]) => tensor.chunks.map((chunk) => ({ name, tensor, chunk })));
  const byFile = [...groupBy(parts, ({ chunk }) => chunk.file)].sort(([a], [b]) => (a < b ? -1 : 1));
  const absent = byFile.map(([file]) => file).filter((file) => !files.includes(file));
  if (absent.length > 0) throw missingFiles(folder, absent);
  const byChunk = new Map<DistributedChunk, TensorLayout>();
  const shards = await inParallel(byFile, async ([file, members], i) => {
    const path = join(folder, file);
    const source = await FileByteSource.open(path, signal);
    try {
      for (const { name, tensor, chunk } of members)
        byChunk.set(chunk, await readSlice(source, { name, tensor, chunk, shard: i + 1 }, signal));
      return shardOf(path, source);
    } finally {
      await source.close();
    }
  });
  return { shards, byChunk };
}

function missingFiles(folder: string, absent: readonly string[]): FormatError {
  return new FormatError({
    file: join(folder, metadataName),
    problem: 'the checkpoint has parts in files that are not there',
    expected: `a file ${join(folder, absent[0]!)}${absent.length > 1 ? ` and ${absent.length - 1} more` : ''}`,
    remedy: 'Finish the download, or copy the files of all ranks into one folder.',
  });
}

function assemble(
  file: string,
  wanted: ReadonlyMap<string, DistributedTensor>,
  byChunk: ReadonlyMap<DistributedChunk, TensorLayout>,
): Pick<DistributedFiles, 'tensors' | 'scattered'> {
  const tensors: Tensor[] = [];
  const scattered: ScatteredTensor[] = [];
  for (const [name, { dtype, shape, chunks }] of wanted) {
    const elementCount = shape.reduce((product, size) => product * size, 1);
    const listing = { name, dtype, shape, elementCount, byteLength: (elementCount * bitsOf(dtype)) / 8 };
    const pieces = chunks.map((chunk): Piece => ({ ...chunk, layout: byChunk.get(chunk)! }));
    const layout = elementCount === 0 ? emptyLayout(listing) : joinPieces(pieces, shape);
    if (layout === null) throw notWhole(file, name, shape);
    if (layout.kind === 'stored') tensors.push({ ...layout.tensor, ...listing });
    else scattered.push({ ...listing, shard: firstShard(layout), layout });
  }
  return { tensors: tensors.sort((a, b) => a.shard - b.shard || a.start - b.start), scattered };
}

function emptyLayout(listing: Omit<Tensor, 'shard' | 'start'>): TensorLayout {
  return { kind: 'stored', tensor: { ...listing, shard: 0, start: 0 } };
}

function firstShard(layout: TensorLayout): number {
  return layout.kind === 'concatenation' ? firstShard(layout.of[0]!) : layout.tensor.shard;
}

function notWhole(file: string, tensor: string, shape: readonly number[]): FormatError {
  return new FormatError({
    file,
    tensor,
    problem: 'the parts of the tensor do not make it up',
    expected: `parts that fill ${shape.join(' × ')} without overlap`,
    remedy: 'Save the checkpoint again: the save did not finish, or parts of two saves lie in one folder.',
  });
}

function objectFindings(file: string, { objects }: DistributedMetadata): Finding[] {
  if (objects.length === 0) return [];
  const message = `Not read, since they are no tensors: ${nameList(objects)}.`;
  return [{ severity: 'info', code: 'no-tensors-among', message, file }];
}
