import type { GroupDiff, TensorDiff, TensorStatus } from '../report/index.js';

/** What a metric is a number of, and what it can be. */
interface Metric {
  /** `values`: of a tensor or of the model as one vector. `model`: of the model only. */
  readonly of: 'values' | 'model';
  readonly range: readonly [min: number, max: number];
  readonly help: string;
}

/** The metrics that a rule may name. */
export const metrics = {
  relativeChange: { of: 'values', range: [0, Infinity], help: '‖Δ‖/‖A‖' },
  cosine: { of: 'values', range: [-1, 1], help: 'of A and B' },
  maxAbsDelta: { of: 'values', range: [0, Infinity], help: 'largest |Δ|' },
  normDelta: { of: 'values', range: [0, Infinity], help: '‖Δ‖' },
  changedShare: { of: 'values', range: [0, 1], help: 'share of values that differ' },
  signFlipShare: { of: 'values', range: [0, 1], help: 'share of values that changed sign' },
  nonFinite: { of: 'values', range: [0, Infinity], help: 'NaN and infinities in B' },
  coverage: { of: 'model', range: [0, 1], help: 'share of the parameters that was compared' },
  added: { of: 'model', range: [0, Infinity], help: 'tensors only in B' },
  removed: { of: 'model', range: [0, Infinity], help: 'tensors only in A' },
  reshaped: { of: 'model', range: [0, Infinity], help: 'tensors whose shapes cannot be compared' },
  retyped: { of: 'model', range: [0, Infinity], help: 'tensors stored as another type' },
  unread: { of: 'model', range: [0, Infinity], help: 'tensors whose values are not read' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
/** Metrics that a single tensor has too. */
export type ValueMetric = { [Name in MetricName]: (typeof metrics)[Name]['of'] extends 'values' ? Name : never }[MetricName];
/** Metrics that count the tensors of a status. */
export type StatusMetric = MetricName & TensorStatus;

export function isValueMetric(name: MetricName): name is ValueMetric {
  return metrics[name].of === 'values';
}

/**
 * A metric of compared values; null where it is not known, NaN where it is not defined (the cosine with a vector of zeros).
 * A tensor that is identical byte for byte has not changed, whether its values were read or not.
 */
export function valueOf(metric: ValueMetric, subject: TensorDiff | GroupDiff): number | null {
  if ('status' in subject && subject.status === 'identical' && metric !== 'nonFinite') return metric === 'cosine' ? 1 : 0;
  switch (metric) {
    case 'relativeChange':
    case 'maxAbsDelta':
    case 'normDelta':
      return subject[metric];
    case 'cosine':
      return subject.cosine ?? (subject.normDelta === 0 ? 1 : null);
    case 'changedShare':
      return share(subject.changedCount, subject.comparedCount);
    case 'signFlipShare':
      return share(subject.signFlips, subject.comparedCount);
    case 'nonFinite':
      return subject.nonFiniteB;
    default:
      return metric satisfies never;
  }
}

function share(count: number | null, compared: number | null): number | null {
  if (count === 0) return 0;
  return count === null || !compared ? null : count / compared;
}

/** Compared parameters by all; null where it is not known how many there are. */
export function coverageShare({ coverage }: GroupDiff): number | null {
  if (coverage === null || coverage.uncountedWeights > 0 || coverage.parameters === 0) return null;
  return coverage.compared / coverage.parameters;
}
