import type { Shard, Tensor } from './checkpoint.js';
import { FileAccessError, quoteName } from '../base/formatError.js';
import type { LocatedWeights } from './locateWeights.js';
import type { SafetensorsHeader } from './safetensorsHeader.js';
import type { HeaderTensor } from './safetensorsLayout.js';
import { parseWeightsName } from './weightsName.js';

/** A shard with its validated header. */
export interface OpenShard {
  readonly shard: Shard;
  /** Name within the checkpoint's folder, as an index names it. */
  readonly file: string;
  readonly header: SafetensorsHeader;
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
  readonly repeated: readonly RepeatedTensor[];
}

/**
 * Merges the shards' tensors into one list. Of a tensor that several shards hold, the copy that the index names is
 * used, otherwise the first.
 * @throws FileAccessError when files without an index hold the same tensors: then they are several checkpoints.
 */
export function collectTensors(opened: readonly OpenShard[], weights: LocatedWeights): CollectedTensors {
  const repeated = [...holdersByName(opened)]
    .filter(([, shards]) => shards.length > 1)
    .map(([name, shards]) => ({ name, shards, used: chooseHolder(name, shards, opened, weights) }));
  requireOneCheckpoint(repeated, weights);
  const used = new Map(repeated.map(({ name, used: shard }) => [name, shard]));
  const tensors = opened.flatMap(({ header }, shard) =>
    header.tensors.filter(({ name }) => used.size === 0 || (used.get(name) ?? shard) === shard).map((tensor) => inShard(tensor, shard)),
  );
  return { tensors, repeated };
}

function inShard({ name, dtype, shape, elementCount, start, byteLength }: HeaderTensor, shard: number): Tensor {
  return { name, dtype, shape, elementCount, shard, start, byteLength };
}

function holdersByName(opened: readonly OpenShard[]): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  if (opened.length === 1) return holders;
  for (const [shard, { header }] of opened.entries()) {
    for (const { name } of header.tensors) {
      const others = holders.get(name);
      if (others === undefined) holders.set(name, [shard]);
      else others.push(shard);
    }
  }
  return holders;
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
