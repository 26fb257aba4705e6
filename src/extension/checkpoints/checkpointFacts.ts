import { dataByteLength, listTensors, type Finding } from '../../checkpoint/index.js';
import { formatBytes, formatCompact, formatCount, plural } from '../../base/format.js';
import { diffVectorFacts } from '../transfer/combineRoom.js';
import type { Model } from '../../model/index.js';
import { adapterTitle, describeAdapter } from '../../model/adapters/index.js';
import { describeGguf, ggufFactsOf } from '../../model/gguf/index.js';
import { countParameters } from '../../model/parameters/index.js';

/** Dtypes with the number of tensors that have them, most frequent first. */
export function dtypeCounts(checkpoint: Model): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { dtype } of listTensors(checkpoint)) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function dtypeLabel(checkpoint: Model): string {
  const [first, ...others] = dtypeCounts(checkpoint);
  if (first === undefined) return 'no tensors';
  return others.length === 0 ? first[0] : `${first[0]} + ${others.length} more`;
}

/** One line, the family before the architecture's longer name: `llama · 1.40M · BF16 · 2.80 MB`. */
export function describeCheckpoint(checkpoint: Model): string {
  const { config, adapter, scheme, parameters } = checkpoint;
  const family = adapter === null ? (config?.modelType ?? config?.architecture ?? null) : adapterTitle(adapter);
  const kind = diffVectorFacts(checkpoint) === null ? null : 'diff vector';
  const { count, uncountedWeights } = countParameters(parameters);
  const size = `${uncountedWeights > 0 ? '≥ ' : ''}${formatCompact(count)}`;
  const facts = [kind, family, size, scheme?.name ?? dtypeLabel(checkpoint), formatBytes(dataByteLength(checkpoint))];
  return facts.filter((fact) => fact !== null).join(' · ');
}

function describeCount({ parameters }: Model): string {
  const { count, uncountedWeights } = countParameters(parameters);
  return uncountedWeights === 0 ? formatCount(count) : `at least ${formatCount(count)}; ${plural(uncountedWeights, 'weight')} not counted`;
}

/** What tells a quantised model, an adapter or a GGUF file from others. */
function specialFacts(checkpoint: Model): (readonly [string, string])[] {
  const { adapter, scheme } = checkpoint;
  const gguf = ggufFactsOf(checkpoint);
  return [
    ...(gguf === null ? [] : describeGguf(gguf)),
    ...(adapter === null ? [] : describeAdapter(adapter).map(([label, value]) => [capitalised(label), value] as const)),
    ...(scheme === null ? [] : ([['Quantised', scheme.evidence]] as const)),
  ];
}

function capitalised(label: string): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function architectureOf({ config }: Model): string {
  return config?.architecture ?? config?.modelType ?? 'unknown: no config.json';
}

/** Facts as label and value, for a tooltip. */
export function checkpointFacts(checkpoint: Model): readonly (readonly [string, string])[] {
  const dtypes = dtypeCounts(checkpoint)
    .map(([dtype, count]) => `${dtype} (${formatCount(count)})`)
    .join(', ');
  return [
    ...(checkpoint.adapter === null ? ([['Architecture', architectureOf(checkpoint)]] as const) : []),
    ...specialFacts(checkpoint),
    ['Parameters', describeCount(checkpoint)],
    ['Tensors', formatCount(listTensors(checkpoint).length)],
    ['Dtypes', dtypes],
    [
      'Size',
      `${formatBytes(dataByteLength(checkpoint))} in ${checkpoint.shards.length === 1 ? 'one file' : `${checkpoint.shards.length} files`}`,
    ],
  ];
}

/** Findings that a person should look at: errors and warnings. */
export function notableFindings(checkpoint: Model): readonly Finding[] {
  return checkpoint.findings.filter(({ severity }) => severity !== 'info');
}
