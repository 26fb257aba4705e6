/** Checkpoints that exist as headers only, for plans. */
import { bitsOf, type Dtype, type Tensor } from '../../../../src/checkpoint/index.js';
import { assembleModel, noFacts, type Model } from '../../../../src/model/index.js';

export interface ShardOfTest {
  readonly path: string;
  readonly identity: string;
  readonly tensors: readonly (readonly [name: string, dtype: Dtype, shape: readonly number[]])[];
}

const headerByteLength = 1000;

/** Tensors lie behind a header of 1000 bytes, one after the other. */
export function checkpointOf(...shards: readonly ShardOfTest[]): Model {
  const tensors = shards.flatMap((shard, index) => tensorsOf(shard, index));
  const checkpoint = {
    path: '/models/test',
    folder: '/models/test',
    name: 'test',
    shards: shards.map(({ path, identity }, index) => ({
      path,
      format: 'safetensors' as const,
      identity,
      byteLength: endOf(tensors, index),
      modifiedAt: 1,
      metadata: {},
    })),
    tensors,
    scattered: [],
    findings: [],
  };
  return assembleModel(checkpoint, noFacts);
}

function tensorsOf({ tensors }: ShardOfTest, shard: number): Tensor[] {
  let start = headerByteLength;
  return tensors.map(([name, dtype, shape]) => {
    const elementCount = shape.reduce((product, size) => product * size, 1);
    const byteLength = (elementCount * bitsOf(dtype)) / 8;
    const tensor = { name, dtype, shape, elementCount, shard, start, byteLength };
    start += byteLength;
    return tensor;
  });
}

function endOf(tensors: readonly Tensor[], shard: number): number {
  return tensors
    .filter((tensor) => tensor.shard === shard)
    .reduce((end, { start, byteLength }) => Math.max(end, start + byteLength), headerByteLength);
}
