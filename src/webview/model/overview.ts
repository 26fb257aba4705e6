import {
  describeCoverage,
  describeIdentity,
  statusText,
  tensorStatuses,
  verdictOf,
  type CompanionDifference,
  type CompanionDifferences,
  type GroupDiff,
  type ReportSide,
  type TensorStatus,
} from '../../compare/report/index.js';
import type { DiffView } from '../messages.js';
import { formatBytes, formatCompact, formatCosine, formatCount, formatNumber, formatShare, plural } from '../../base/format.js';
import { metricFacts } from './metric.js';
import { rowOfLargestDelta, countStatuses } from './tensorOrder.js';

export interface OverviewFact {
  readonly label: string;
  readonly value: string;
  /** Explains the number, on hover and to screen readers. */
  readonly meaning: string;
  /** A second line in small type. */
  readonly note?: string;
  /** A tensor the number points at: its row in the table. */
  readonly row?: number;
}

function changedNote({ changedCount, comparedCount }: GroupDiff): string {
  return changedCount === null ? '' : `${formatCompact(changedCount)} of ${formatCompact(comparedCount)} weights`;
}

function largestFact({ summary, table }: DiffView): OverviewFact {
  const row = rowOfLargestDelta(table);
  const fact = { label: 'Largest |Δ|', value: formatNumber(summary.maxAbsDelta), meaning: metricFacts.maxAbsDelta.meaning };
  return row === null ? fact : { ...fact, row, note: table.names[row] ?? '' };
}

function nonFiniteFact({ nonFiniteA, nonFiniteB }: GroupDiff): OverviewFact {
  const none = !nonFiniteA && !nonFiniteB;
  return {
    label: 'NaN or ∞',
    value: nonFiniteA === null && nonFiniteB === null ? '–' : none ? 'none' : formatCount((nonFiniteA ?? 0) + (nonFiniteB ?? 0)),
    meaning: 'Weights that are not finite numbers, over both sides; they are left out of the statistics',
    ...(none ? {} : { note: `A ${formatCount(nonFiniteA)} · B ${formatCount(nonFiniteB)}` }),
  };
}

/** Comes first where not everything was compared: every other number speaks of that part alone. */
function coverageFacts(summary: GroupDiff): OverviewFact[] {
  const { coverage } = summary;
  if (coverage === null || describeCoverage(summary) === null) return [];
  const { compared, parameters, uncountedWeights } = coverage;
  const uncounted = uncountedWeights === 0 ? '' : ` · ${plural(uncountedWeights, 'weight')} in unknown codes`;
  return [
    {
      label: 'Compared',
      value: formatShare(parameters === 0 ? 0 : compared / parameters),
      meaning: 'Share of the parameters that both sides have values of; the other numbers speak of these alone',
      note: `${formatCompact(compared)} of ${formatCompact(parameters)} parameters${uncounted}`,
    },
  ];
}

/** What the comparison comes to, where that is no list of changes; null elsewhere. */
export function verdictSentence(view: DiffView): string | null {
  switch (verdictOf(view)) {
    case 'identical':
      return `Identical: ${describeIdentity(view.matchReasons)}.`;
    case 'equal':
      return 'Equal up to rounding: both adapters change the same; their factors, ranks or scales differ.';
    case 'undecided':
      return 'Undecided: nothing that was compared differs, but not everything could be compared.';
    case 'different':
      return null;
  }
}

/** The few numbers that matter, in reading order. */
export function overviewFacts(view: DiffView): OverviewFact[] {
  const { summary } = view;
  return [
    ...coverageFacts(summary),
    {
      label: 'Relative change',
      value: formatNumber(summary.relativeChange),
      meaning: metricFacts.relativeChange.meaning,
      note: `‖Δ‖ ${formatNumber(summary.normDelta)} · ‖A‖ ${formatNumber(summary.normA)}`,
    },
    { label: 'Cosine', value: formatCosine(summary.cosine), meaning: 'Cosine of the angle between A and B over all compared weights' },
    {
      label: 'Changed',
      value: formatShare(metricFacts.changedShare.valueOf(summary)),
      meaning: metricFacts.changedShare.meaning,
      note: changedNote(summary),
    },
    {
      label: 'Sign flips',
      value: formatCompact(summary.signFlips),
      meaning: 'Weights that are positive on one side and negative on the other',
      note: summary.comparedCount ? formatShare((summary.signFlips ?? 0) / summary.comparedCount) : '',
    },
    largestFact(view),
    nonFiniteFact(summary),
  ];
}

function describeSide(side: ReportSide): string[] {
  const dtypes = side.dtypes.map(([dtype]) => dtype).join(', ');
  return [
    side.adapter ?? side.architecture ?? side.modelType ?? 'unknown architecture',
    `${formatCompact(side.parameterCount)} parameters`,
    side.scheme ?? dtypes,
    formatBytes(side.byteLength),
  ];
}

/** `LlamaForCausalLM · 1.10B parameters · BF16 · 2.20 GB → 4.40 GB`: an arrow where the sides differ. */
export function describeSides(a: ReportSide, b: ReportSide): string {
  const partsB = describeSide(b);
  return describeSide(a)
    .map((part, index) => (part === partsB[index] ? part : `${part} → ${partsB[index] ?? ''}`))
    .filter(Boolean)
    .join(' · ');
}

export const structuralStatuses = [
  'equal',
  'added',
  'removed',
  'reshaped',
  'retyped',
  'grown',
  'shrunk',
  'unread',
] as const satisfies readonly TensorStatus[];

/** Why a status is no plain change of values. */
export const statusMeanings: Readonly<Record<TensorStatus, string>> = {
  identical: 'stored alike, every byte equal; every value, where they lie in another order',
  equal: 'other factors, the same ΔW up to rounding',
  changed: 'stored alike, other values or bytes',
  retyped: 'stored as another type or quantised otherwise; values compared across them',
  grown: 'B has more rows; the shared rows are compared',
  shrunk: 'B has fewer rows; the shared rows are compared',
  reshaped: 'shapes that cannot be compared',
  added: 'only in B',
  removed: 'only in A',
  unread: 'not compared: values of one side are not read; equal or not is unknown',
};

/** Structural differences that occur, with their counts. */
export function structuralCounts(view: DiffView): { status: TensorStatus; count: number }[] {
  const counts = countStatuses(view.table);
  return structuralStatuses.map((status) => ({ status, count: counts[status] })).filter(({ count }) => count > 0);
}

/** `12 changed, 3 identical`: every status that occurs. */
export function statusSentence(view: DiffView): string {
  const counts = countStatuses(view.table);
  const present = tensorStatuses.filter((status) => counts[status] > 0);
  return `${plural(view.table.length, 'tensor')}: ${present.map((status) => `${formatCount(counts[status])} ${statusText(status)}`).join(', ')}`;
}

/** What each kind of difference beside the tensors is called. */
const companionKinds: Readonly<Record<keyof CompanionDifferences, string>> = {
  settings: 'Setting',
  adapter: 'Adapter',
  making: 'Adapter, how it was made',
  metadata: 'Metadata',
  files: 'File',
};

/** Differences beside the tensors, settings first. */
export function companionRows(companions: CompanionDifferences | null): (CompanionDifference & { readonly kind: string })[] {
  if (companions === null) return [];
  return (Object.keys(companionKinds) as (keyof CompanionDifferences)[]).flatMap((key) =>
    companions[key].map((difference) => ({ ...difference, kind: companionKinds[key] })),
  );
}

/** Text files of either side: on both sides they can be compared. */
export function textFiles({ a, b }: Pick<DiffView, 'a' | 'b'>): { file: string; side: 'both' | 'a' | 'b' }[] {
  const files = [...new Set([...a.textFiles, ...b.textFiles])];
  const sideOf = (file: string): 'both' | 'a' | 'b' => (a.textFiles.includes(file) ? (b.textFiles.includes(file) ? 'both' : 'a') : 'b');
  return files.map((file) => ({ file, side: sideOf(file) }));
}

/** A finding and where it belongs: to one side, or to the comparison. */
export interface OverviewFinding {
  readonly severity: string;
  readonly message: string;
  readonly tensor?: string;
  readonly origin?: string;
}

const gravity = ['error', 'warning'];

/** Findings of the comparison and of both sides, gravest first. */
export function shownFindings({ a, b, findings }: Pick<DiffView, 'a' | 'b' | 'findings'>): OverviewFinding[] {
  const all = [
    ...findings,
    ...a.findings.map((finding) => ({ ...finding, origin: a.name })),
    ...b.findings.map((finding) => ({ ...finding, origin: b.name })),
  ];
  const rank = ({ severity }: OverviewFinding): number => (gravity.includes(severity) ? gravity.indexOf(severity) : gravity.length);
  return all.toSorted((one, other) => rank(one) - rank(other));
}
