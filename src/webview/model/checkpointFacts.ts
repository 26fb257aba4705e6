import type { CheckpointSummary } from '../checkpointSummary.js';
import { formatBytes, formatCompact, formatCount, plural } from '../../base/format.js';

export interface CheckpointFact {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
  readonly note?: string;
}

/** The few things to know about a checkpoint, in reading order. */
export function checkpointFacts({
  architecture,
  modelType,
  parameterCount,
  byteLength,
  dtypes,
  shards,
  tensors,
}: CheckpointSummary): CheckpointFact[] {
  const layers = new Set(tensors.layers.filter((layer) => layer !== '')).size;
  const [main, ...others] = dtypes;
  return [
    { label: 'Parameters', value: formatCompact(parameterCount), meaning: 'Number of stored weights', note: formatCount(parameterCount) },
    { label: 'Size', value: formatBytes(byteLength), meaning: 'Bytes of tensor data', note: plural(shards.length, 'file') },
    {
      label: 'Tensors',
      value: formatCount(tensors.length),
      meaning: 'Stored tensors',
      note: layers === 0 ? 'no numbered layers' : `in ${plural(layers, 'layer')} and outside`,
    },
    {
      label: 'Type',
      value: main?.[0] ?? '–',
      meaning: 'The storage type of most tensors',
      note: others.length === 0 ? 'all tensors' : others.map(([dtype, count]) => `${formatCount(count)} ${dtype}`).join(', '),
    },
    {
      label: 'Architecture',
      value: architecture ?? 'unknown',
      meaning: 'As config.json says',
      note: modelType ?? 'no model type in config.json',
    },
  ];
}
