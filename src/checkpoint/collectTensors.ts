import type { ScatteredTensor, Shard, Tensor } from './checkpoint.js';
import { bitsOf } from './dtype.js';
import { FileAccessError, quoteName } from '../base/formatError.js';
import type { LocatedWeights } from './locateWeights.js';
import type { FileContents, FileTensor, FileView } from './formats/index.js';
import { parseWeightsName } from './weightsName.js';

/** A shard with what its headers say. */
export interface OpenShard {
  readonly shard: Shard;
  /** Name within the checkpoint's folder, as an index names it. */
  readonly file: string;
  readonly contents: FileContents;
}

/** A tensor that several shards hold. */
export interface RepeatedTensor {
  readonly name: string;
  /** Indices of the shards that hold it. */
  readonly shards: readonly number[];
  /** The shard whose copy is used. */
  readonly used: number;
}

export interface CollectedTensors {
  /** In shard order, then in order of their bytes; names are unique. */
  readonly tensors: readonly Tensor[];
  readonly scattered: readonly ScatteredTensor[];
  readonly repeated: readonly RepeatedTensor[];
}

/**
 * Merges the shards' tensors into one list. Of a tensor that several shards hold, the copy that the index names is
 * used, otherwise the first.
 * @throws FileAccessError when files without an index hold the same tensors: then they are several checkpoints.
 */
export function collectTensors(opened: readonly OpenShard[], weights: LocatedWeights): CollectedTensors {
  const [first] = opened;
  if (first !== undefined && opened.length === 1) {
    const { tensors, views } = first.contents;
    return { tensors, scattered: views.map((view) => scatteredIn(view, 0)), repeated: [] };
  }
  const repeated = [...severalHolders(opened)].map(([name, shards]) => ({
    name,
    shards,
    used: chooseHolder(name, shards, opened, weights),
  }));
  requireOneCheckpoint(repeated, weights);
  const used = new Map(repeated.map(({ name, used: shard }) => [name, shard]));
  const isUsed = (name: string, shard: number): boolean => used.size === 0 || (used.get(name) ?? shard) === shard;
  const tensors = opened.flatMap(({ contents }, shard) =>
    contents.tensors.filter(({ name }) => isUsed(name, shard)).map((tensor) => inShard(tensor, shard)),
  );
  const scattered = opened.flatMap(({ contents }, shard) =>
    contents.views.filter(({ name }) => isUsed(name, shard)).map((view) => scatteredIn(view, shard)),
  );
  return { tensors, scattered, repeated };
}

function inShard({ name, dtype, shape, elementCount, start, byteLength, blocks, sharedWith }: FileTensor, shard: number): Tensor {
  const special = { ...(blocks === undefined ? {} : { blocks }), ...(sharedWith === undefined ? {} : { sharedWith }) };
  return { name, dtype, shape, elementCount, shard, start, byteLength, ...special };
}

function scatteredIn({ name, dtype, shape, elementCount, strides, offset, start, byteLength }: FileView, shard: number): ScatteredTensor {
  const bits = bitsOf(dtype);
  const length = (byteLength * 8) / bits;
  const tensor = { name, dtype, shape: [length], elementCount: length, shard, start, byteLength };
  const layout = { kind: 'strided', tensor, shape, strides, offset } as const;
  return { name, dtype, shape, elementCount, shard, byteLength: (elementCount * bits) / 8, layout };
}

/** The shards of each tensor that several of them hold. */
function severalHolders(opened: readonly OpenShard[]): ReadonlyMap<string, readonly number[]> {
  const firstHolder = new Map<string, number>();
  const several = new Map<string, number[]>();
  for (const [shard, { contents }] of opened.entries()) {
    for (const { name } of [...contents.tensors, ...contents.views]) {
      const first = firstHolder.get(name);
      if (first === undefined) firstHolder.set(name, shard);
      else several.set(name, [...(several.get(name) ?? [first]), shard]);
    }
  }
  return several;
}

function chooseHolder(name: string, shards: readonly number[], opened: readonly OpenShard[], { index }: LocatedWeights): number {
  const file = index?.fileOf.get(name);
  return shards.find((shard) => opened[shard]!.file === file) ?? shards[0]!;
}

function requireOneCheckpoint(repeated: readonly RepeatedTensor[], { address, files, index }: LocatedWeights): void {
  const [first] = repeated;
  if (first === undefined || index !== null || files.every((file) => parseWeightsName(file)?.shard != null)) return;
  throw new FileAccessError({
    file: address,
    problem: 'several checkpoints',
    expected: 'one file, or shards that each hold other tensors',
    actual: `${quoteName(first.name)} in ${first.shards.map((shard) => files[shard]!).join(' and ')}`,
    remedy: 'Name one of the files instead.',
  });
}
