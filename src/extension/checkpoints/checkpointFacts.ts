import { type Finding, dataByteLength, parameterCount } from '../../checkpoint/index.js';
import { formatBytes, formatCompact, formatCount } from '../../base/format.js';
import { diffVectorFacts } from '../transfer/combineRoom.js';
import type { Model } from '../../model/index.js';

/** Dtypes with the number of tensors that have them, most frequent first. */
export function dtypeCounts(checkpoint: Model): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { dtype } of checkpoint.tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function dtypeLabel(checkpoint: Model): string {
  const [first, ...others] = dtypeCounts(checkpoint);
  if (first === undefined) return 'no tensors';
  return others.length === 0 ? first[0] : `${first[0]} + ${others.length} more`;
}

/** One line, the family before the architecture's longer name: `llama · 1.40M · BF16 · 2.80 MB`. */
export function describeCheckpoint(checkpoint: Model): string {
  const family = checkpoint.config?.modelType ?? checkpoint.config?.architecture ?? null;
  const kind = diffVectorFacts(checkpoint) === null ? null : 'diff vector';
  const facts = [kind, family, formatCompact(parameterCount(checkpoint)), dtypeLabel(checkpoint), formatBytes(dataByteLength(checkpoint))];
  return facts.filter((fact) => fact !== null).join(' · ');
}

/** Facts as label and value, for a tooltip. */
export function checkpointFacts(checkpoint: Model): readonly (readonly [string, string])[] {
  const dtypes = dtypeCounts(checkpoint)
    .map(([dtype, count]) => `${dtype} (${formatCount(count)})`)
    .join(', ');
  return [
    ['Architecture', checkpoint.config?.architecture ?? checkpoint.config?.modelType ?? 'unknown: no config.json'],
    ['Parameters', formatCount(parameterCount(checkpoint))],
    ['Tensors', formatCount(checkpoint.tensors.length)],
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
