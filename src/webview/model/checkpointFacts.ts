import type { CheckpointSummary } from '../checkpointSummary.js';
import { formatBytes, formatCompact, formatCount, plural } from '../../base/format.js';

export interface CheckpointFact {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
  readonly note?: string;
}

/** The few things to know about a checkpoint, in reading order. */
export function checkpointFacts(summary: CheckpointSummary): CheckpointFact[] {
  return [
    ...adapterFacts(summary),
    countFact(summary),
    sizeFact(summary),
    tensorsFact(summary),
    typeFact(summary),
    ...architectureFacts(summary),
  ];
}

/** What makes an adapter: the label of a fact is its meaning. */
function adapterFacts({ adapter }: CheckpointSummary): CheckpointFact[] {
  if (adapter === null) return [];
  const facts = adapter.facts.filter(([label]) => label !== 'kind').map(([label, value]) => `${label}: ${value}`);
  return [{ label: 'Adapter', value: adapter.title, meaning: facts.join('\n'), note: facts.join(' · ') }];
}

function countFact({ parameterCount, uncountedWeights, adapter }: CheckpointSummary): CheckpointFact {
  const bound = uncountedWeights > 0 ? '≥ ' : '';
  const note = uncountedWeights > 0 ? `${plural(uncountedWeights, 'weight')} not counted` : formatCount(parameterCount);
  const meaning = adapter === null ? "Number of weights as the model's code sees them" : 'Number of values in the adapter';
  return { label: 'Parameters', value: `${bound}${formatCompact(parameterCount)}`, meaning, note };
}

function sizeFact({ byteLength, shards }: CheckpointSummary): CheckpointFact {
  return { label: 'Size', value: formatBytes(byteLength), meaning: 'Bytes of tensor data', note: plural(shards.length, 'file') };
}

function tensorsFact({ tensors }: CheckpointSummary): CheckpointFact {
  const layers = new Set(tensors.layers.filter((layer) => layer !== '')).size;
  const note = layers === 0 ? 'no numbered layers' : `in ${plural(layers, 'layer')} and outside`;
  return { label: 'Tensors', value: formatCount(tensors.length), meaning: 'Stored tensors', note };
}

function typeFact({ dtypes, scheme }: CheckpointSummary): CheckpointFact {
  const [main, ...others] = dtypes;
  if (scheme !== null) return { label: 'Quantised', value: scheme.name, meaning: scheme.evidence, note: listDtypes(dtypes) };
  const note = others.length === 0 ? 'all tensors' : listDtypes(others);
  return { label: 'Type', value: main?.[0] ?? '–', meaning: 'The storage type of most tensors', note };
}

function listDtypes(dtypes: CheckpointSummary['dtypes']): string {
  return dtypes.map(([dtype, count]) => `${formatCount(count)} ${dtype}`).join(', ');
}

function architectureFacts({ architecture, modelType, adapter }: CheckpointSummary): CheckpointFact[] {
  if (adapter !== null) return [];
  const note = modelType ?? 'no model type in config.json';
  return [{ label: 'Architecture', value: architecture ?? 'unknown', meaning: 'As config.json says', note }];
}
