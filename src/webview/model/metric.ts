import { formatNumber, formatShare } from '../../base/format.js';

/** What the heat map can show of a group of tensors. */
export const metrics = ['relativeChange', 'cosineDistance', 'maxAbsDelta', 'changedShare'] as const;
export type Metric = (typeof metrics)[number];

/** The statistics that metrics are made of; null where nothing was compared. */
export interface MetricSource {
  readonly relativeChange: number | null;
  readonly cosine: number | null;
  readonly maxAbsDelta: number | null;
  readonly changedCount: number | null;
  readonly comparedCount: number | null;
}

interface MetricFacts {
  readonly label: string;
  readonly meaning: string;
  /** Null where there is no value to show. */
  readonly valueOf: (source: MetricSource) => number | null;
  readonly format: (value: number | null) => string;
}

/** 1 − cosine. Rounding may put the cosine a little above 1; a distance is never negative. */
function cosineDistance({ cosine }: MetricSource): number | null {
  return cosine === null ? null : Math.max(0, 1 - cosine);
}

function changedShare({ changedCount, comparedCount }: MetricSource): number | null {
  return changedCount === null || !comparedCount ? null : changedCount / comparedCount;
}

export const metricFacts: Readonly<Record<Metric, MetricFacts>> = {
  relativeChange: {
    label: 'Relative change',
    meaning: '‖Δ‖ / ‖A‖: the size of the difference in units of the weights of A',
    valueOf: ({ relativeChange }) => relativeChange,
    format: formatNumber,
  },
  cosineDistance: {
    label: 'Cosine distance',
    meaning: '1 − cosine(A, B): how far the direction of the weights has turned',
    valueOf: cosineDistance,
    format: formatNumber,
  },
  maxAbsDelta: {
    label: 'Largest |Δ|',
    meaning: 'The largest absolute difference of a single weight',
    valueOf: ({ maxAbsDelta }) => maxAbsDelta,
    format: formatNumber,
  },
  changedShare: {
    label: 'Changed share',
    meaning: 'The share of weights whose value differs',
    valueOf: changedShare,
    format: formatShare,
  },
};

export function isMetric(value: unknown): value is Metric {
  return metrics.some((metric) => metric === value);
}

/** The metric's value, with everything that cannot be placed on a scale (null, NaN) as null. */
export function metricValue(metric: Metric, source: MetricSource): number | null {
  const value = metricFacts[metric].valueOf(source);
  return value === null || Number.isNaN(value) ? null : value;
}
