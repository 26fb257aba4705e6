import { relative } from 'node:path';
import { dataByteLength, listTensors } from '../../checkpoint/index.js';
import type { CheckpointSummary } from '../../webview/index.js';
import { dtypeCounts } from './checkpointFacts.js';
import { parseTensorName } from '../../model/names/index.js';
import type { Model } from '../../model/index.js';
import { adapterTitle, describeAdapter } from '../../model/adapters/index.js';
import { countParameters } from '../../model/parameters/index.js';

type TensorColumns = CheckpointSummary['tensors'];

function tensorColumns(checkpoint: Model): TensorColumns {
  const tensors = listTensors(checkpoint);
  const places = tensors.map(({ name }) => parseTensorName(name));
  return {
    length: tensors.length,
    names: tensors.map(({ name }) => name),
    dtypes: tensors.map(({ dtype }) => dtype),
    shapes: tensors.map(({ shape }) => shape.join(' × ')),
    byteLength: Float64Array.from(tensors, ({ byteLength }) => byteLength),
    elementCount: Float64Array.from(tensors, ({ elementCount }) => elementCount),
    shard: Uint32Array.from(tensors, ({ shard }) => shard),
    layers: places.map(({ layer }) => layer),
    modules: places.map(({ module }) => module),
  };
}

/** A checkpoint as its panel shows it, tensors in columns. */
export function summariseCheckpoint(checkpoint: Model): CheckpointSummary {
  const { path, folder, name, config, shards, findings, scheme, adapter } = checkpoint;
  const { count, uncountedWeights } = countParameters(checkpoint.parameters);
  return {
    path,
    name,
    modelType: config?.modelType ?? null,
    architecture: config?.architecture ?? null,
    parameterCount: count,
    uncountedWeights,
    scheme: scheme === null ? null : { name: scheme.name, evidence: scheme.evidence },
    adapter: adapter === null ? null : { title: adapterTitle(adapter), facts: describeAdapter(adapter) },
    byteLength: dataByteLength(checkpoint),
    dtypes: dtypeCounts(checkpoint),
    shards: shards.map((shard) => ({ name: relative(folder, shard.path), byteLength: shard.byteLength, metadata: shard.metadata })),
    findings,
    tensors: tensorColumns(checkpoint),
  };
}
