import { formatCompact, formatCount, formatShare, plural } from '../../base/format.js';
import {
  statusText,
  tensorStatuses,
  type CompanionDifferences,
  type DiffReport,
  type GroupDiff,
  type TensorDiff,
  type TensorStatus,
} from './report.js';

/** `12 changed · 3 identical · 1 added`: statuses that occur, in the order of `tensorStatuses` with changes first. */
export function describeStatuses({ statuses }: GroupDiff): string {
  const order: readonly TensorStatus[] = ['changed', ...tensorStatuses.filter((status) => status !== 'changed')];
  const parts = order.filter((status) => statuses[status] > 0).map((status) => `${formatCount(statuses[status])} ${statusText(status)}`);
  return parts.length === 0 ? 'no tensors' : parts.join(' · ');
}

/**
 * What a comparison comes to: `equal` where adapters change the same up to rounding, by other bytes; `undecided` where nothing that was
 * compared differs, and something was not compared.
 */
export type Verdict = 'identical' | 'equal' | 'different' | 'undecided';

/** What `diff --exit-code` answers by. Settings, files and metadata count as much as tensors. */
export function verdictOf({ summary: { statuses, tensorCount }, companions }: Pick<DiffReport, 'summary' | 'companions'>): Verdict {
  const differing = tensorCount - statuses.identical - statuses.equal - statuses.unread;
  if (differing > 0 || countDifferences(companions) > 0) return 'different';
  if (statuses.unread > 0) return 'undecided';
  return statuses.equal > 0 || (companions?.making.length ?? 0) > 0 ? 'equal' : 'identical';
}

/** How much differs beside the tensors; how an adapter was made is no difference. */
export function countDifferences(companions: CompanionDifferences | null): number {
  if (companions === null) return 0;
  const { settings, adapter, metadata, files } = companions;
  return settings.length + adapter.length + metadata.length + files.length;
}

/** `compared 29 % of the parameters`; null where all of them were compared, or it is not known. */
export function describeCoverage({ coverage }: GroupDiff): string | null {
  if (coverage === null) return null;
  const { compared, parameters, uncountedWeights } = coverage;
  const uncounted = uncountedWeights === 0 ? '' : `, and none of ${plural(uncountedWeights, 'weight')} in codes without a formula`;
  if (compared >= parameters) return uncountedWeights === 0 ? null : `compared all parameters that are known${uncounted}`;
  const share = parameters === 0 ? 0 : compared / parameters;
  return `compared ${formatShare(share)} of the parameters (${formatCompact(compared)} of ${formatCompact(parameters)})${uncounted}`;
}

/** Why tensors were matched, with the numbers left out: most frequent first. */
export function matchReasons(tensors: Iterable<Pick<TensorDiff, 'matchedBy'>>): { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { matchedBy } of tensors) {
    if (matchedBy === null) continue;
    const reason = matchedBy.replace(/(?<=^|[ .])\d+(?:\.\.\d+)?(?= |$)/g, '…');
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((x, y) => y.count - x.count);
}

/** What `identical` speaks of: bytes, or values where they lie under other names or in other places. */
export function describeIdentity(reasons: Iterable<{ readonly reason: string }>): string {
  const isElsewhere = [...reasons].some(({ reason }) => reason !== 'equal name');
  const what = isElsewhere ? 'every value, though under other names or in other places' : 'every byte of every tensor';
  return `${what}, settings, tokenizer files and metadata`;
}
