/** Models that exist as headers only. */
import { bitsOf, type Dtype, type Tensor } from '../../../../src/checkpoint/index.js';
import { assembleModel, noFacts, type Model, type ModelFacts } from '../../../../src/model/index.js';

export type HeaderEntry = readonly [name: string, dtype: Dtype, shape: readonly number[]];

/** A model of one file, `/models/test/model.safetensors` unless another name is given. */
export function headerModel(entries: readonly HeaderEntry[], facts: Partial<ModelFacts> = {}, file = 'model.safetensors'): Model {
  let start = 1000;
  const tensors = entries.map(([name, dtype, shape]): Tensor => {
    const elementCount = shape.reduce((product, size) => product * size, 1);
    const byteLength = Math.ceil((elementCount * bitsOf(dtype)) / 8);
    const tensor = { name, dtype, shape, elementCount, shard: 0, start, byteLength };
    start += byteLength;
    return tensor;
  });
  const shards = [
    { path: `/models/test/${file}`, format: 'safetensors' as const, byteLength: start, identity: '1:1', modifiedAt: 1, metadata: {} },
  ];
  return assembleModel(
    { path: '/models/test', folder: '/models/test', name: 'test', shards, tensors, scattered: [], findings: [] },
    { ...noFacts, ...facts },
  );
}
